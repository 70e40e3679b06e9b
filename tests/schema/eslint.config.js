// The schema against the recommended and Relay rules of graphql-eslint, the exceptions with their reasons.
import graphql from "@graphql-eslint/eslint-plugin";

const exceptions = {
  // Things with an identity implement Node. Figures, pages, periods and checks are values: two equal ones are the same.
  "@graphql-eslint/strict-id-in-types": "off",
  // `Question.question` is what the text of a question is called; no other word says it.
  "@graphql-eslint/no-typename-prefix": "off",
  // Connections offer `nodes` beside `edges`, and short complete lists are lists.
  "@graphql-eslint/relay-edge-types": ["error", { withEdgeSuffix: true, shouldImplementNode: false, listTypeCanWrapOnlyEdgeType: false }],
  // Lists inside an object run forward only, which Relay allows.
  "@graphql-eslint/relay-arguments": ["error", { includeBoth: false }],
};

export default [
  {
    files: ["**/*.graphql"],
    languageOptions: { parser: graphql.parser, parserOptions: { graphQLConfig: { schema: process.env.SCHEMA } } },
    plugins: { "@graphql-eslint": graphql },
    rules: {
      ...graphql.configs["flat/schema-recommended"].rules,
      ...graphql.configs["flat/schema-relay"].rules,
      ...exceptions,
    },
  },
];
