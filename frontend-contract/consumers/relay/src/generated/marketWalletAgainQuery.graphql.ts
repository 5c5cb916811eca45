/**
 * @generated SignedSource<<c15bd2ff5c2807d7d7a39d711d77706f>>
 * @lightSyntaxTransform
 */

/* tslint:disable */
/* eslint-disable */
// @ts-nocheck

import { ConcreteRequest } from 'relay-runtime';
import { FragmentRefs } from "relay-runtime";
export type marketWalletAgainQuery$variables = {
  id: string;
};
export type marketWalletAgainQuery$data = {
  readonly node: {
    readonly " $fragmentSpreads": FragmentRefs<"marketAvailable_wallet">;
  } | null | undefined;
};
export type marketWalletAgainQuery = {
  response: marketWalletAgainQuery$data;
  variables: marketWalletAgainQuery$variables;
};

const node: ConcreteRequest = (function(){
var v0 = [
  {
    "defaultValue": null,
    "kind": "LocalArgument",
    "name": "id"
  }
],
v1 = [
  {
    "kind": "Variable",
    "name": "id",
    "variableName": "id"
  }
];
return {
  "fragment": {
    "argumentDefinitions": (v0/*:: as any*/),
    "kind": "Fragment",
    "metadata": null,
    "name": "marketWalletAgainQuery",
    "selections": [
      {
        "alias": null,
        "args": (v1/*:: as any*/),
        "concreteType": null,
        "kind": "LinkedField",
        "name": "node",
        "plural": false,
        "selections": [
          {
            "args": null,
            "kind": "FragmentSpread",
            "name": "marketAvailable_wallet"
          }
        ],
        "storageKey": null
      }
    ],
    "type": "Query",
    "abstractKey": null
  },
  "kind": "Request",
  "operation": {
    "argumentDefinitions": (v0/*:: as any*/),
    "kind": "Operation",
    "name": "marketWalletAgainQuery",
    "selections": [
      {
        "alias": null,
        "args": (v1/*:: as any*/),
        "concreteType": null,
        "kind": "LinkedField",
        "name": "node",
        "plural": false,
        "selections": [
          {
            "alias": null,
            "args": null,
            "kind": "ScalarField",
            "name": "__typename",
            "storageKey": null
          },
          {
            "alias": null,
            "args": null,
            "kind": "ScalarField",
            "name": "id",
            "storageKey": null
          },
          {
            "kind": "InlineFragment",
            "selections": [
              {
                "alias": null,
                "args": null,
                "concreteType": "Money",
                "kind": "LinkedField",
                "name": "available",
                "plural": false,
                "selections": [
                  {
                    "alias": null,
                    "args": null,
                    "kind": "ScalarField",
                    "name": "formatted",
                    "storageKey": null
                  }
                ],
                "storageKey": null
              }
            ],
            "type": "Wallet",
            "abstractKey": null
          }
        ],
        "storageKey": null
      }
    ]
  },
  "params": {
    "cacheID": "36bed1964c3ebb0895d6349d810788f2",
    "id": null,
    "metadata": {},
    "name": "marketWalletAgainQuery",
    "operationKind": "query",
    "text": "query marketWalletAgainQuery(\n  $id: ID!\n) {\n  node(id: $id) {\n    __typename\n    ...marketAvailable_wallet\n    id\n  }\n}\n\nfragment marketAvailable_wallet on Wallet {\n  available {\n    formatted\n  }\n  id\n}\n"
  }
};
})();

(node as any).hash = "7e5a5ab2be624e1e85561e303cb27d5f";

export default node;
