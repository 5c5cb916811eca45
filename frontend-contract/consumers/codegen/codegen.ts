/** GraphQL Code Generator as a web team sets it up: the client preset over the schema, our operations and their own. */
import type { CodegenConfig } from "@graphql-codegen/cli";

const config: CodegenConfig = {
  schema: "../../schema.graphql",
  documents: ["../../operations/{identity,invoice_finance,wallets}/*.graphql", "src/*.ts"],
  generates: {
    "src/generated/": {
      preset: "client",
      presetConfig: { fragmentMasking: false },
      config: {
        useTypeImports: true,
        enumsAsTypes: true,
        // Every scalar is named here, or generating fails: none becomes any by accident.
        strictScalars: true,
        scalars: {
          CurrencyCode: "string",
          Cursor: "string",
          Date: "string",
          DateTime: "string",
          Decimal: "string",
          JSON: "unknown",
          UUID: "string",
        },
      },
    },
  },
  silent: true,
};

export default config;
