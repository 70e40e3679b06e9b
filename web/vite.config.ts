// Two pages, one folder of hashed files, everything from this server: no CDN, no fonts or workers from elsewhere.
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const page = (name: string) => fileURLToPath(new URL(name, import.meta.url));

export default defineConfig({
  build: {
    target: "es2022",
    // Monaco is large and needed at once: a warning about its size helps nobody.
    chunkSizeWarningLimit: 8192,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: { index: page("index.html"), graphiql: page("graphiql.html") },
      // React packages print "use client" for servers that we do not have.
      onwarn: (warning, warn) => warning.code === "MODULE_LEVEL_DIRECTIVE" || warn(warning),
    },
  },
  worker: { format: "es" },
  server: {
    // `npx vite` beside a running `rolecast serve`.
    proxy: { "/graphql": "http://127.0.0.1:8080", "/schema.graphql": "http://127.0.0.1:8080" },
  },
});
