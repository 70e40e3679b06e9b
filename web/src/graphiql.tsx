// The page at /graphiql: GraphiQL from its npm package, asking this server and no other.
import "graphiql/setup-workers/vite";
import "graphiql/style.css";
import "./graphiql.css";
import { createGraphiQLFetcher } from "@graphiql/toolkit";
import { GraphiQL } from "graphiql";
import { createRoot } from "react-dom/client";
import { examples } from "./examples";

const fetcher = createGraphiQLFetcher({ url: "/graphql" });
const place = document.getElementById("graphiql");

if (place) {
  createRoot(place).render(
    <GraphiQL fetcher={fetcher} defaultTabs={examples.map((query) => ({ query }))}>
      <GraphiQL.Logo>
        <a className="rolecast" href="/" title="What is loaded">
          Rolecast
        </a>
      </GraphiQL.Logo>
    </GraphiQL>,
  );
}
