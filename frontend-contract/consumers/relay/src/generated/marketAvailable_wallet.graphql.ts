/**
 * @generated SignedSource<<506ccb10ff6332567c7624eac16e7ff9>>
 * @lightSyntaxTransform
 */

/* tslint:disable */
/* eslint-disable */
// @ts-nocheck

import { ReaderFragment } from 'relay-runtime';
import { FragmentRefs } from "relay-runtime";
export type marketAvailable_wallet$data = {
  readonly available: {
    readonly formatted: string;
  };
  readonly id: string;
  readonly " $fragmentType": "marketAvailable_wallet";
};
export type marketAvailable_wallet$key = {
  readonly " $data"?: marketAvailable_wallet$data;
  readonly " $fragmentSpreads": FragmentRefs<"marketAvailable_wallet">;
};

import marketWalletAgainQuery_graphql from './marketWalletAgainQuery.graphql';

const node: ReaderFragment = {
  "argumentDefinitions": [],
  "kind": "Fragment",
  "metadata": {
    "refetch": {
      "connection": null,
      "fragmentPathInResult": [
        "node"
      ],
      "operation": marketWalletAgainQuery_graphql,
      "identifierInfo": {
        "identifierField": "id",
        "identifierQueryVariableName": "id"
      }
    }
  },
  "name": "marketAvailable_wallet",
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
    },
    {
      "alias": null,
      "args": null,
      "kind": "ScalarField",
      "name": "id",
      "storageKey": null
    }
  ],
  "type": "Wallet",
  "abstractKey": null
};

(node as any).hash = "7e5a5ab2be624e1e85561e303cb27d5f";

export default node;
