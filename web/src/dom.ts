// Makes elements. Text only ever enters a page as text.

export type Child = Node | string;

export function element(name: string, attributes: Record<string, string> = {}, ...children: Child[]): HTMLElement {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}

export const words = (code: string) => code.toLowerCase().replaceAll("_", " ");

/** What went wrong, in the words of whoever failed. */
export const reason = (error: unknown) => (error instanceof Error ? error.message : String(error));
