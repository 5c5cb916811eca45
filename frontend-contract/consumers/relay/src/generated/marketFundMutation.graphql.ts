/**
 * @generated SignedSource<<7bf53e29729e1c6c89a0339762817df9>>
 * @lightSyntaxTransform
 */

/* tslint:disable */
/* eslint-disable */
// @ts-nocheck

import { ConcreteRequest } from 'relay-runtime';
import { FragmentRefs } from "relay-runtime";
export type ErrorCode = "ACADEMIC_YEAR_NOT_FOUND" | "ACADEMIC_YEAR_TAKEN" | "ACCOUNT_DEACTIVATED" | "ACCOUNT_NOT_FOUND" | "ACCOUNT_NOT_MANUAL" | "ACCOUNT_NOT_SUITABLE" | "ADMISSION_NUMBER_TAKEN" | "ADVANCE_TOO_SMALL" | "ALERT_NOT_FOUND" | "ALERT_OVER" | "ALIAS_LIMIT_EXCEEDED" | "ALREADY_CANCELLED" | "ALREADY_DECIDED" | "ALREADY_ERASED" | "ALREADY_PAID" | "ALREADY_REVERSED" | "AMOUNT_BELOW_MINIMUM" | "AMOUNT_EXCEEDS_DUE" | "AMOUNT_EXCEEDS_OVERPAYMENT" | "AMOUNT_EXCEEDS_PROCEEDS" | "AMOUNT_EXCEEDS_REFUNDABLE" | "AMOUNT_EXCEEDS_REMAINING" | "AMOUNT_EXCEEDS_REPAYMENT" | "API_KEY_ENDED" | "API_KEY_NOT_FOUND" | "APPROVAL_EXCEEDS_REQUEST" | "APPROVAL_NOT_FOUND" | "APPROVAL_PENDING" | "ASSIGNED_TWICE" | "ASSIGNMENT_NOT_FOUND" | "ATTENDANCE_IN_THE_WAY" | "ATTENDANCE_NOT_FOUND" | "AUCTION_CLOSED" | "BACKDATING_NOT_ALLOWED" | "BAD_ASSIGNMENT" | "BAD_CALENDAR" | "BAD_FEE" | "BAD_FEE_STRUCTURE" | "BAD_MARK" | "BAD_PERSON" | "BAD_PROMOTION" | "BAD_REPORT_SCHEDULE" | "BAD_REQUEST" | "BAD_THRESHOLD" | "BATCHING_NOT_SUPPORTED" | "BID_NOT_FOUND" | "BID_TOO_HIGH" | "BILL_TAKEN" | "BLOCKED_BY_LATER_DOCUMENT" | "BOM_INACTIVE" | "BOM_NOT_FOUND" | "BOM_TAKEN" | "BORROWER_NOT_FOUND" | "BRANCH_CLOSED" | "BRANCH_MISSING" | "BRANCH_NOT_FOUND" | "BRANCH_TAKEN" | "BUSY" | "CAMPUS_MISSING" | "CHANNEL_NOT_POSSIBLE" | "CHARGED_ALREADY" | "CLASS_FULL" | "CLASS_HAS_TEACHER" | "COMMENT_REQUIRED" | "CONFLICT" | "COST_EXCEEDS_POOL" | "COST_LIMIT_EXCEEDED" | "COUNT_OUTDATED" | "CREDIT_LIMIT_EXCEEDED" | "CURRENCY_MISMATCH" | "CUSTOMER_NOT_FOUND" | "CUSTOMER_NOT_REGISTERED" | "CUSTOMER_REQUIRED" | "CUSTOMER_TAKEN" | "DATE_IN_FUTURE" | "DAY_TO_COME" | "DEBTOR_NOT_FOUND" | "DELINQUENCY_NOT_PAUSED" | "DELIVERY_FAILED" | "DEPTH_LIMIT_EXCEEDED" | "DIFFERENT_SELLERS" | "DIRECTIVE_LIMIT_EXCEEDED" | "DISBURSEMENT_EXCEEDS_APPROVAL" | "DISBURSEMENT_NOT_FOUND" | "DISBURSEMENT_NOT_REVERSIBLE" | "DISCREPANCY_NOT_FOUND" | "DISCREPANCY_NOT_RESOLVED" | "DISCREPANCY_RESOLVED" | "DOCUMENT_NOT_FOUND" | "DOCUMENT_NOT_TRUSTED" | "DOCUMENT_TOO_LARGE" | "DRAFT_NOT_FOUND" | "DUPLICATE_INVOICE" | "DUPLICATE_LINE" | "EMAIL_TAKEN" | "ENROLLED_TWICE" | "ENROLMENTS_IN_THE_WAY" | "ENROLMENT_DAY" | "ENROLMENT_NOT_FOUND" | "ENROLMENT_REFUSED" | "ENROLMENT_STATUS" | "ENTRY_NOT_FOUND" | "ENTRY_NOT_REVERSIBLE" | "ERASURE_NOT_FOUND" | "ERASURE_OBSTACLE" | "ERASURE_PENDING" | "EXCEEDS_RETURNABLE" | "EXPENSE_NOT_FOUND" | "EXPORT_PENDING" | "FEE_CATEGORY_NOT_FOUND" | "FEE_CHANGED_MEANWHILE" | "FEE_CHANNEL_NOT_POSSIBLE" | "FEE_CREDIT_TOO_SMALL" | "FEE_DAY_INVALID" | "FEE_DELETED" | "FEE_MONEY_FROM_ELSEWHERE" | "FEE_MONEY_UNDONE" | "FEE_NOT_FOUND" | "FEE_NOT_REPAIRABLE" | "FEE_OWNS_TRANSACTION" | "FEE_PAYMENT_NOT_FOUND" | "FEE_REFUND_TOO_LARGE" | "FEE_SCHEDULE_NOT_FOUND" | "FEE_SETTLED" | "FEE_STRUCTURE_INACTIVE" | "FEE_STRUCTURE_NOT_FOUND" | "FEE_STRUCTURE_UNFIT" | "FEE_STUDENT_DELETED" | "FEE_WITHOUT_STRUCTURE" | "FILE_ALREADY_ATTACHED" | "FILE_EMPTY" | "FILE_NOT_FOUND" | "FILE_PURPOSE_UNKNOWN" | "FILE_QUOTA_EXCEEDED" | "FILE_TOO_LARGE" | "FILE_TYPE_CONTRADICTED" | "FILE_TYPE_NOT_ALLOWED" | "FORBIDDEN" | "FUTURE_DATE" | "GRAPHQL_PARSE_FAILED" | "GRAPHQL_VALIDATION_FAILED" | "GUARDIAN_NOT_FOUND" | "HOLD_EXCEEDED" | "HOLD_NOT_PENDING" | "HOLIDAY_NOT_FOUND" | "IDEMPOTENCY_KEY_REUSED" | "INSTALMENTS_OUT_OF_RANGE" | "INSUFFICIENT_FUNDS" | "INSUFFICIENT_STOCK" | "INTERNAL" | "INVALID_AMOUNT" | "INVALID_BOM" | "INVALID_BRANCH_CODE" | "INVALID_COMMENT" | "INVALID_CREDENTIALS" | "INVALID_CURSOR" | "INVALID_DISCOUNT" | "INVALID_EMAIL" | "INVALID_EXPIRY" | "INVALID_FIRST_DUE_DATE" | "INVALID_INPUT" | "INVALID_KEY_LIMITS" | "INVALID_LOAN_DATE" | "INVALID_LOAN_PRODUCT" | "INVALID_MATCH_RULE" | "INVALID_NAME" | "INVALID_NETWORKS" | "INVALID_NOTIFICATION_CHOICE" | "INVALID_OVERLAP" | "INVALID_PHONE" | "INVALID_PROMISE_TO_PAY" | "INVALID_QUANTITY" | "INVALID_QUIET_HOURS" | "INVALID_RECEIPT_DATE" | "INVALID_REFRESH_TOKEN" | "INVALID_RESCHEDULE" | "INVALID_ROLES" | "INVALID_SCOPES" | "INVALID_TERMS" | "INVALID_VARIABLES" | "INVALID_WEBHOOK_URL" | "INVOICE_HAS_INVESTMENTS" | "INVOICE_NOT_DEFAULTED" | "INVOICE_NOT_DRAFT" | "INVOICE_NOT_FOUND" | "INVOICE_NOT_OPEN" | "INVOICE_NOT_PAYABLE" | "INVOICE_PAST_DUE" | "IN_PROGRESS" | "ITEM_CONTRADICTION" | "ITEM_INACTIVE" | "ITEM_IN_USE" | "ITEM_NOT_FOUND" | "ITEM_NOT_IN_WAREHOUSE" | "ITEM_TAKEN" | "JOB_NOT_FOUND" | "JOB_TASK_FINISHED" | "JOB_TASK_NOT_DEAD" | "JOB_TASK_NOT_FOUND" | "JOB_TASK_SUPERSEDED" | "KYC_ALREADY_VERIFIED" | "KYC_NOT_VERIFIED" | "LANDED_COST_NOT_FOUND" | "LAST_ADMIN" | "LEGAL_RETENTION" | "LINE_NOT_FOUND" | "LOAN_ALREADY_CHARGED_OFF" | "LOAN_CHARGE_NOT_FOUND" | "LOAN_DOCUMENTS_MISSING" | "LOAN_NOT_CHARGED_OFF" | "LOAN_NOT_DISBURSABLE" | "LOAN_NOT_DRAFT" | "LOAN_NOT_FOUND" | "LOAN_NOT_PAID_OUT" | "LOAN_NOT_REVIEWED" | "LOAN_NOT_UNDECIDED" | "LOAN_NOT_WITHDRAWABLE" | "LOAN_NOT_WRITTEN_OFF" | "LOAN_PRODUCT_CHANGED" | "LOAN_PRODUCT_NOT_FOUND" | "LOAN_PRODUCT_RETIRED" | "LOAN_PRODUCT_TAKEN" | "LOAN_REQUEST_NOT_FOUND" | "LOAN_REQUEST_PENDING" | "LOAN_REVIEWED_ALREADY" | "LOAN_WRITTEN_OFF" | "MAKER_IS_CHECKER" | "MARKED_TWICE" | "MATCH_RULE_CHANGED" | "MATCH_RULE_NOT_FOUND" | "MATCH_RULE_TAKEN" | "MILL_PAYMENT_NOT_FOUND" | "MISSING_INPUT" | "MPESA_NOT_CONFIGURED" | "NOTHING_FUNDED" | "NOTHING_TO_CHARGE_OFF" | "NOTHING_TO_REFUND" | "NOTHING_TO_WAIVE" | "NOTIFICATION_DELIVERY_NOT_FAILED" | "NOTIFICATION_DELIVERY_NOT_FOUND" | "NOTIFICATION_NOT_FOUND" | "NOT_AN_INCOME_ACCOUNT" | "NOT_A_DRAFT" | "NOT_A_SCHOOL_DAY" | "NOT_ENROLLED" | "NOT_FOUND" | "NOT_IN_THE_CLASS" | "NOT_PENDING_APPROVAL" | "NOT_POSTED" | "NOT_THE_PAYER" | "NOT_YOUR_CLASS" | "OFFICER_NOT_FOUND" | "OPENING_KNOWN" | "OPEN_BALANCE" | "OPEN_INVOICES" | "OPEN_LOANS" | "OPEN_PAYMENTS" | "OPEN_TRADES" | "OPERATION_NOT_FOUND" | "OVER_REPAYMENT" | "PARKED_EVENT_FAILED_AGAIN" | "PARKED_EVENT_NOT_FOUND" | "PARKED_EVENT_RESOLVED" | "PARTNER_INACTIVE" | "PAYMENT_ALREADY_RECORDED" | "PAYMENT_ALREADY_REVERSED" | "PAYMENT_ENDED" | "PAYMENT_NOT_FOUND" | "PERIOD_ALREADY_CLOSED" | "PERIOD_ALREADY_OPEN" | "PERIOD_CLOSED" | "PERIOD_NOT_FOUND" | "PERSON_NOT_FOUND" | "PRICE_REQUIRED" | "PRINCIPAL_OUT_OF_RANGE" | "PRODUCTION_NOT_FOUND" | "PRODUCTION_NOT_OPEN" | "PROGRAM_NOT_FOUND" | "PROMPT_NOT_FOUND" | "PROMPT_PENDING" | "PURCHASE_NOT_FOUND" | "PURCHASE_NOT_OPEN" | "PURCHASE_RETURN_NOT_FOUND" | "PURPOSE_NOT_POSSIBLE" | "RATE_LIMITED" | "RATE_OUT_OF_RANGE" | "RATE_REQUIRED" | "REAL_TIME_DISABLED" | "REASON_REQUIRED" | "RECEIPT_NOT_FOUND" | "RECEIPT_TAKEN" | "RECONCILER_NOT_FOUND" | "RECORD_CHANGED" | "RECOVERY_ACTION_NOT_FOUND" | "RECOVERY_ACTION_OVER" | "REFERENCE_MISSING" | "REFUSED" | "REPAYMENT_NOT_FOUND" | "REPAYMENT_NOT_REVERSIBLE" | "REPORT_FORMAT_NOT_OFFERED" | "REPORT_KIND_UNKNOWN" | "REPORT_NOT_FOUND" | "REPORT_READER_NOT_ALLOWED" | "REPORT_TOO_LARGE" | "RESOLUTION_NOT_POSSIBLE" | "REVENUE_NOT_FOUND" | "REVERSAL_NOT_POSSIBLE" | "RIGHTS_CHANGED" | "ROOT_FIELD_LIMIT_EXCEEDED" | "SALE_ALREADY_INVOICED" | "SALE_ALREADY_OFFERED" | "SALE_NOT_FOUND" | "SALE_NOT_INVOICED" | "SALE_NOT_OPEN" | "SALE_RETURN_NOT_FOUND" | "SALE_WITH_INVESTORS" | "SAME_ACCOUNT" | "SAME_WALLET" | "SAME_WAREHOUSE" | "SCHEDULED_REPORT_NOT_FOUND" | "SCHOOL_CLASS_CLOSED" | "SCHOOL_CLASS_IN_USE" | "SCHOOL_CLASS_NOT_FOUND" | "SCHOOL_CODE_TAKEN" | "SCHOOL_OBJECT_NOT_FOUND" | "SCHOOL_RUN_NOT_FOUND" | "SCHOOL_RUN_NOT_OPEN" | "SELF_FUNDING" | "SERVICE_SESSION_NOT_BOOKED" | "SERVICE_SESSION_NOT_FOUND" | "SESSION_NOT_FOUND" | "SESSION_REQUIRED" | "SETTLEMENT_NOT_REVERSIBLE" | "SHUTTING_DOWN" | "STAFF_ACTIVE" | "STATEMENT_IMPORT_ENDED" | "STATEMENT_IMPORT_NOT_FOUND" | "STILL_ENROLLED" | "STOCK_DOCUMENT_NOT_FOUND" | "STUDENT_DISCOUNT_NOT_FOUND" | "STUDENT_ENROLLED" | "STUDENT_NOT_FOUND" | "STUDENT_TAKEN" | "SUBJECT_NOT_FOUND" | "SUPPLIER_NOT_FOUND" | "SUPPLIER_TAKEN" | "TEACHER_INACTIVE" | "TEACHER_NOT_FOUND" | "TEACHER_TAKEN" | "TERM_NOT_FOUND" | "TIMEOUT" | "TOO_MANY_API_KEYS" | "TOO_MANY_APPLICATIONS" | "TOO_MANY_ATTEMPTS" | "TOO_MANY_BIDS" | "TOO_MANY_DOCUMENTS" | "TOO_MANY_FEEDS" | "TOO_MANY_MATCH_RULES" | "TOO_MANY_PAPERS" | "TOO_MANY_PROMPTS" | "TOO_MANY_REPORTS" | "TOO_MANY_SCHEDULED_REPORTS" | "TOO_MANY_STATEMENT_IMPORTS" | "TOO_MANY_WEBHOOK_ENDPOINTS" | "TRANSACTION_CHANGED_MEANWHILE" | "TRANSACTION_NOT_FOUND" | "TRANSFER_NOT_FOUND" | "UNAUTHENTICATED" | "UNAVAILABLE" | "UNBALANCED_ENTRY" | "UNKNOWN_APPROVAL_KIND" | "UNKNOWN_EVENT_TYPE" | "UNKNOWN_TIME_ZONE" | "UNKNOWN_UNIT" | "UNPAID_FEES" | "USER_NOT_FOUND" | "WAIVER_NOT_FOUND" | "WALLET_NOT_FOUND" | "WAREHOUSE_CAPACITY_EXCEEDED" | "WAREHOUSE_CLOSED" | "WAREHOUSE_IN_USE" | "WAREHOUSE_NOT_FOUND" | "WAREHOUSE_TAKEN" | "WEAK_PASSWORD" | "WEBHOOK_ENDPOINT_NOT_ENABLED" | "WEBHOOK_ENDPOINT_NOT_FOUND" | "WEBHOOK_MESSAGE_UNKNOWN" | "YEAR_IS_CLOSED" | "YEAR_NOT_FOUND" | "YEAR_NOT_OVER" | "YEAR_OVERLAPS" | "%future added value";
export type FundInvoiceInput = {
  allowPartial?: boolean;
  amount: MoneyInput;
  idempotencyKey?: string | null | undefined;
  invoiceId: string;
};
export type MoneyInput = {
  amount: string;
  currency: string;
};
export type marketFundMutation$variables = {
  input: FundInvoiceInput;
};
export type marketFundMutation$data = {
  readonly fundInvoice: {
    readonly errors: ReadonlyArray<{
      readonly code: ErrorCode;
      readonly message: string;
    }>;
    readonly invoice: {
      readonly " $fragmentSpreads": FragmentRefs<"marketRow_invoice">;
    } | null | undefined;
    readonly wallet: {
      readonly " $fragmentSpreads": FragmentRefs<"marketAvailable_wallet">;
    } | null | undefined;
  };
};
export type marketFundMutation = {
  response: marketFundMutation$data;
  variables: marketFundMutation$variables;
};

const node: ConcreteRequest = (function(){
var v0 = [
  {
    "defaultValue": null,
    "kind": "LocalArgument",
    "name": "input"
  }
],
v1 = [
  {
    "kind": "Variable",
    "name": "input",
    "variableName": "input"
  }
],
v2 = {
  "alias": null,
  "args": null,
  "concreteType": "UserError",
  "kind": "LinkedField",
  "name": "errors",
  "plural": true,
  "selections": [
    {
      "alias": null,
      "args": null,
      "kind": "ScalarField",
      "name": "code",
      "storageKey": null
    },
    {
      "alias": null,
      "args": null,
      "kind": "ScalarField",
      "name": "message",
      "storageKey": null
    }
  ],
  "storageKey": null
},
v3 = {
  "alias": null,
  "args": null,
  "kind": "ScalarField",
  "name": "id",
  "storageKey": null
},
v4 = {
  "alias": null,
  "args": null,
  "kind": "ScalarField",
  "name": "formatted",
  "storageKey": null
};
return {
  "fragment": {
    "argumentDefinitions": (v0/*:: as any*/),
    "kind": "Fragment",
    "metadata": null,
    "name": "marketFundMutation",
    "selections": [
      {
        "alias": null,
        "args": (v1/*:: as any*/),
        "concreteType": "FundInvoicePayload",
        "kind": "LinkedField",
        "name": "fundInvoice",
        "plural": false,
        "selections": [
          (v2/*:: as any*/),
          {
            "alias": null,
            "args": null,
            "concreteType": "Invoice",
            "kind": "LinkedField",
            "name": "invoice",
            "plural": false,
            "selections": [
              {
                "args": null,
                "kind": "FragmentSpread",
                "name": "marketRow_invoice"
              }
            ],
            "storageKey": null
          },
          {
            "alias": null,
            "args": null,
            "concreteType": "Wallet",
            "kind": "LinkedField",
            "name": "wallet",
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
        "storageKey": null
      }
    ],
    "type": "Mutation",
    "abstractKey": null
  },
  "kind": "Request",
  "operation": {
    "argumentDefinitions": (v0/*:: as any*/),
    "kind": "Operation",
    "name": "marketFundMutation",
    "selections": [
      {
        "alias": null,
        "args": (v1/*:: as any*/),
        "concreteType": "FundInvoicePayload",
        "kind": "LinkedField",
        "name": "fundInvoice",
        "plural": false,
        "selections": [
          (v2/*:: as any*/),
          {
            "alias": null,
            "args": null,
            "concreteType": "Invoice",
            "kind": "LinkedField",
            "name": "invoice",
            "plural": false,
            "selections": [
              (v3/*:: as any*/),
              {
                "alias": null,
                "args": null,
                "kind": "ScalarField",
                "name": "number",
                "storageKey": null
              },
              {
                "alias": null,
                "args": null,
                "concreteType": "Money",
                "kind": "LinkedField",
                "name": "remainingAmount",
                "plural": false,
                "selections": [
                  {
                    "alias": null,
                    "args": null,
                    "kind": "ScalarField",
                    "name": "amount",
                    "storageKey": null
                  },
                  {
                    "alias": null,
                    "args": null,
                    "kind": "ScalarField",
                    "name": "currency",
                    "storageKey": null
                  },
                  (v4/*:: as any*/)
                ],
                "storageKey": null
              }
            ],
            "storageKey": null
          },
          {
            "alias": null,
            "args": null,
            "concreteType": "Wallet",
            "kind": "LinkedField",
            "name": "wallet",
            "plural": false,
            "selections": [
              {
                "alias": null,
                "args": null,
                "concreteType": "Money",
                "kind": "LinkedField",
                "name": "available",
                "plural": false,
                "selections": [
                  (v4/*:: as any*/)
                ],
                "storageKey": null
              },
              (v3/*:: as any*/)
            ],
            "storageKey": null
          }
        ],
        "storageKey": null
      }
    ]
  },
  "params": {
    "cacheID": "cfa252eb946af881d653749dc2aabf6b",
    "id": null,
    "metadata": {},
    "name": "marketFundMutation",
    "operationKind": "mutation",
    "text": "mutation marketFundMutation(\n  $input: FundInvoiceInput!\n) {\n  fundInvoice(input: $input) {\n    errors {\n      code\n      message\n    }\n    invoice {\n      ...marketRow_invoice\n      id\n    }\n    wallet {\n      ...marketAvailable_wallet\n      id\n    }\n  }\n}\n\nfragment marketAvailable_wallet on Wallet {\n  available {\n    formatted\n  }\n  id\n}\n\nfragment marketRow_invoice on Invoice {\n  id\n  number\n  remainingAmount {\n    amount\n    currency\n    formatted\n  }\n}\n"
  }
};
})();

(node as any).hash = "2995fbc27684551fe3199052f28a7673";

export default node;
