// The queries of GraphiQL's first tabs: every file of `examples/`, in the order of its name. Tests read the same files.
const files = import.meta.glob<string>("./examples/*.graphql", {
  query: "?raw",
  import: "default",
  eager: true,
});

export const examples: string[] = Object.keys(files)
  .sort()
  .map((path) => files[path] ?? "");
