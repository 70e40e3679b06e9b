// A field that offers what the API finds for its words.
import { element, reason } from "./dom";

/** Something to choose: what it is known by, what a person calls it, and how the list shows it. */
export interface Offer {
  key: string;
  title: string;
  label: string;
}

/** Milliseconds without a keystroke before the API is asked. */
const PAUSE = 150;

const same = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();

/**
 * Passes on the key of what is picked from the list, or of what Enter or Tab takes: the offer that is called exactly as was
 * typed, else the first. What is found beside the words, and that nothing is, is said under the fields.
 */
export function chooser(id: string, what: string, find: (text: string) => Promise<Offer[]>, chosen: (key: string) => void): void {
  const field = document.getElementById(id) as HTMLInputElement;
  const list = document.getElementById(`${id}-list`)!;
  const said = document.getElementById("offers")!;
  let asked = "";
  let coming: Promise<Offer[]> = Promise.resolve([]);
  let offers: Offer[] = [];
  let wait = 0;

  const take = ({ key, label }: Offer, typed: string) => {
    clearTimeout(wait);
    field.value = "";
    said.textContent = same(typed, label) ? "" : `“${typed}” is taken for ${label}.`;
    chosen(key);
  };

  // A list shows the offers that hold the words alone: the others become buttons.
  const tell = (typed: string) => {
    const shown = offers.some(({ label }) => label.toLowerCase().includes(typed.toLowerCase()));
    const buttons = offers.map((offer) => {
      const button = element("button", { type: "button", class: "offer" }, offer.label);
      button.addEventListener("click", () => take(offer, typed));
      return button;
    });
    list.replaceChildren(...offers.map(({ label }) => element("option", { value: label })));
    if (offers.length === 0) {
      said.textContent = `No ${what} is found for “${typed}”.`;
    } else {
      said.replaceChildren(...(shown ? [] : [`Near “${typed}”: `, ...buttons]));
    }
  };

  /** Whether the offers are those for the words that stand in the field now. */
  const look = async (): Promise<boolean> => {
    clearTimeout(wait);
    const typed = field.value.trim();
    if (typed !== asked) {
      asked = typed;
      coming = find(typed);
    }
    try {
      const found = await coming;
      if (typed !== field.value.trim()) {
        return false;
      }
      offers = found;
      tell(typed);
      return true;
    } catch (error) {
      asked = "";
      said.textContent = `The API did not say what is found for “${typed}”: ${reason(error)}`;
      return false;
    }
  };

  field.addEventListener("input", () => {
    const picked = offers.find(({ label }) => label === field.value);
    clearTimeout(wait);
    if (picked) {
      take(picked, picked.label);
    } else if (field.value.trim().length > 1) {
      wait = window.setTimeout(look, PAUSE);
    } else {
      said.textContent = "";
    }
  });
  field.addEventListener("keydown", async ({ key, shiftKey, isComposing }) => {
    const typed = field.value.trim();
    const takes = key === "Enter" || (key === "Tab" && !shiftKey);
    if (!takes || isComposing || typed === "" || !(await look())) {
      return;
    }
    const exact = offers.find((offer) => Object.values(offer).some((name) => same(name, typed)));
    const first = exact ?? offers[0];
    if (first) {
      take(first, typed);
    }
  });
}
