/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';
/** Where a user belongs. */
export type AssignBranchInput = {
  /** An open branch; none when left out. */
  branchId?: string | number | null | undefined;
  /** The user. */
  userId: string | number;
};

/** What became of a bid. */
export type BidState =
  /** It stands, and its money is held. */
  | 'ACTIVE'
  /** Another won, or the invoice left the market; its money is free again. */
  | 'LOST'
  /** Its bidder made a better one. */
  | 'REPLACED'
  /** Its bidder took it back. */
  | 'WITHDRAWN'
  /** It won, and has become an investment. */
  | 'WON';

/** The old and the new password. */
export type ChangePasswordInput = {
  /** The password of now. A wrong one counts like a failed sign-in. */
  currentPassword: string;
  /** 10 to 200 characters, and not the e-mail address. */
  newPassword: string;
};

/** Exactly the roles that a user shall have. */
export type ChangeRolesInput = {
  /** All roles from now on, one or more. */
  roles: Array<Role>;
  /** The user. */
  userId: string | number;
};

/** The branch to close. */
export type CloseBranchInput = {
  /** The branch. */
  branchId: string | number;
};

/** The key to make. */
export type CreateApiKeyInput = {
  /** The IP networks that it may be used from, such as `203.0.113.0/24`, at most 20; any when left out or empty. */
  allowedNetworks?: Array<string> | null | undefined;
  /** When it ends, within 366 days; in 90 days when left out. */
  expiresAt?: string | null | undefined;
  /** How many sockets and streams it may have open, from 1 to 50; as many as you may when left out. */
  maxSockets?: number | null | undefined;
  /** What you call it, 1 to 120 characters. */
  name: string;
  /** A budget of its own, in points a minute at one server; when left out it shares yours. The budgets of all your keys together are not larger than yours. */
  pointsPerMinute?: number | null | undefined;
  /** What it may do, out of your own permissions; at least one. */
  scopes: Array<Permission>;
};

/** An invoice to be offered for finance. What is left out is as usual. */
export type CreateInvoiceInput = {
  /** Percent of the face value to be advanced, above 0 up to 100. */
  advanceRate?: string;
  /** The debtor's user, so that they can repay it here. */
  debtorId?: string | number | null | undefined;
  /** Who owes it, of 1 to 120 characters. */
  debtorName: string;
  /** What it is for, up to 2,000 characters. */
  description?: string;
  /** Keep it as a draft instead of listing it. */
  draft?: boolean;
  /** The day by which the debtor pays; later than today. */
  dueOn: string;
  /** What the debtor owes in all; says the currency. */
  faceValue: MoneyInput;
  /** What the advance costs; nothing when left out. */
  fee?: FeeInput | null | undefined;
  /** Until when it takes money; not after the due date. As configured when left out. */
  fundingDeadlineAt?: string | null | undefined;
  /** When you get the money. */
  fundingMode?: FundingMode;
  /** 0 to 90 days; as configured when left out. */
  graceDays?: number | null | undefined;
  /** A text of your choice that names this act. Sent again with the same input it changes nothing and answers the first result with `replayed: true`. Kept for 48 hours; 1 to 200 characters. */
  idempotencyKey?: string | null | undefined;
  /** Your line of business. */
  industry?: Industry;
  /** The date of the invoice; today when left out. */
  issuedOn?: string | null | undefined;
  /** The smallest investment; at least a 500th of the advance. */
  minInvestment?: MoneyInput | null | undefined;
  /** Your own number, of 1 to 60 characters; it is financed once for each debtor. */
  number: string;
  /** Whether you answer for the debt when the debtor is late. */
  recourse?: boolean;
  /** How investors come to it. */
  saleMethod?: SaleMethod;
};

/** Somebody new, made by an administrator. */
export type CreateUserInput = {
  /** The open branch that they belong to, for those who manage branches; none when left out. */
  branchId?: string | number | null | undefined;
  /** The e-mail address to sign in with; nobody else may have it. */
  email: string;
  /** 1 to 120 characters on one line. */
  name: string;
  /** 10 to 200 characters, and not the e-mail address. Ask the user to change it. */
  password: string;
  /** One or more, which together grant no more than the caller has. */
  roles: Array<Role>;
};

/** Whose access ends. */
export type DeactivateUserInput = {
  /** The user. */
  userId: string | number;
};

/** The session to end. */
export type EndSessionInput = {
  /** One of one's own. */
  sessionId: string | number;
};

/** Why something was refused. Codes are added, and never renamed. */
export type ErrorCode =
  /** There is no such academic year. */
  | 'ACADEMIC_YEAR_NOT_FOUND'
  /** Another academic year has this title. */
  | 'ACADEMIC_YEAR_TAKEN'
  /** The account exists and the password is right, but it was deactivated; an administrator can say why. */
  | 'ACCOUNT_DEACTIVATED'
  /** There is no such account in this currency. */
  | 'ACCOUNT_NOT_FOUND'
  /** The account is kept by a process, such as a wallet's; it takes no entries by hand. */
  | 'ACCOUNT_NOT_MANUAL'
  /** The account is of the house, but not of the kind that is wanted here. */
  | 'ACCOUNT_NOT_SUITABLE'
  /** Another student has this admission number. */
  | 'ADMISSION_NUMBER_TAKEN'
  /** The student's advance is less than this. */
  | 'ADVANCE_TOO_SMALL'
  /** There is no such alert about stock, or the caller may not know of it. */
  | 'ALERT_NOT_FOUND'
  /** The alert is over: its cause is gone. */
  | 'ALERT_OVER'
  /** The document has more aliases than it may. */
  | 'ALIAS_LIMIT_EXCEEDED'
  /** The document was cancelled before. */
  | 'ALREADY_CANCELLED'
  /** Somebody has decided on this request, or its maker withdrew it. */
  | 'ALREADY_DECIDED'
  /** This person's data have been erased. */
  | 'ALREADY_ERASED'
  /** It is paid already. */
  | 'ALREADY_PAID'
  /** The entry was reversed before; an entry is reversed once. */
  | 'ALREADY_REVERSED'
  /** The amount is below the invoice's minimum investment. */
  | 'AMOUNT_BELOW_MINIMUM'
  /** More is paid than is owed. */
  | 'AMOUNT_EXCEEDS_DUE'
  /** More is asked back than was overpaid. */
  | 'AMOUNT_EXCEEDS_OVERPAYMENT'
  /** More is taken than investors have paid into your wallet for sales of the mill and the mill has not got yet. */
  | 'AMOUNT_EXCEEDS_PROCEEDS'
  /** More is given back than was paid too much. */
  | 'AMOUNT_EXCEEDS_REFUNDABLE'
  /** The amount is above what remains to be funded; allowPartial takes what is left instead. */
  | 'AMOUNT_EXCEEDS_REMAINING'
  /** More is charged back than the repayment brought. */
  | 'AMOUNT_EXCEEDS_REPAYMENT'
  /** The API key was revoked or has expired; make another one. */
  | 'API_KEY_ENDED'
  /** There is no such API key, or it is not the caller's. */
  | 'API_KEY_NOT_FOUND'
  /** A loan can be approved for less than was asked for, and not for more. */
  | 'APPROVAL_EXCEEDS_REQUEST'
  /** There is no such request for approval, or it is not of a branch and kind that the caller sees. */
  | 'APPROVAL_NOT_FOUND'
  /** The same thing waits for approval already. */
  | 'APPROVAL_PENDING'
  /** The teacher has this assignment already. */
  | 'ASSIGNED_TWICE'
  /** There is no such assignment of a teacher, or the caller may not know of it. */
  | 'ASSIGNMENT_NOT_FOUND'
  /** Somebody was marked on the days that are to change, and marks are only on days of school in the student's class. */
  | 'ATTENDANCE_IN_THE_WAY'
  /** There is no such mark, or the caller may not know of it. */
  | 'ATTENDANCE_NOT_FOUND'
  /** The auction of this invoice is over, or it is not sold by auction. */
  | 'AUCTION_CLOSED'
  /** A document of an earlier moment needs the permission to back-date. */
  | 'BACKDATING_NOT_ALLOWED'
  /** A teacher cannot be assigned on these days. */
  | 'BAD_ASSIGNMENT'
  /** A year, a term or a holiday lies where it cannot. */
  | 'BAD_CALENDAR'
  /** What the fee is to be does not fit together: its lines, its days or its amounts. */
  | 'BAD_FEE'
  /** What the fee structure says does not fit together; the field says where. */
  | 'BAD_FEE_STRUCTURE'
  /** The lesson, or what is written beside a mark, cannot be kept. */
  | 'BAD_MARK'
  /** A name, a number, a title or a family cannot be kept like this. */
  | 'BAD_PERSON'
  /** The promotion could not be carried out for anybody. */
  | 'BAD_PROMOTION'
  /** This says no times: five fields are needed (minute, hour, day, month, day of the week), at most one time an hour. */
  | 'BAD_REPORT_SCHEDULE'
  /** The request is not one that GraphQL over HTTP or WebSocket knows. */
  | 'BAD_REQUEST'
  /** A threshold of arrears is an amount that is not negative, in a currency that the books are kept in. */
  | 'BAD_THRESHOLD'
  /** One request carries one operation. */
  | 'BATCHING_NOT_SUPPORTED'
  /** The caller has no bid on this invoice that still stands. */
  | 'BID_NOT_FOUND'
  /** The rate is above the highest that the seller accepts, or does not better the bidder's own standing bid. */
  | 'BID_TOO_HIGH'
  /** A bill of this supplier with this number was entered before. */
  | 'BILL_TAKEN'
  /** Another document builds on this one and has to be cancelled first. */
  | 'BLOCKED_BY_LATER_DOCUMENT'
  /** The bill of materials is not used any more. */
  | 'BOM_INACTIVE'
  /** There is no such bill of materials. */
  | 'BOM_NOT_FOUND'
  /** Another bill of materials has this code. */
  | 'BOM_TAKEN'
  /** There is no such borrower, or none whom the caller's branch serves. */
  | 'BORROWER_NOT_FOUND'
  /** The branch is closed and takes nobody and nothing in. */
  | 'BRANCH_CLOSED'
  /** The borrower belongs to no branch, so the application has to name one. */
  | 'BRANCH_MISSING'
  /** There is no such branch. */
  | 'BRANCH_NOT_FOUND'
  /** Another branch has this code, or is open under this name. */
  | 'BRANCH_TAKEN'
  /** This server has as many event streams as it can bear; try again after a moment. */
  | 'BUSY'
  /** The caller belongs to no campus and does not see all of them, so there are no figures to show. */
  | 'CAMPUS_MISSING'
  /** Money cannot take this way here: nobody records a payment out of somebody else's wallet. */
  | 'CHANNEL_NOT_POSSIBLE'
  /** The student was charged this already. */
  | 'CHARGED_ALREADY'
  /** The class has no place left. */
  | 'CLASS_FULL'
  /** Another teacher is responsible for the class. */
  | 'CLASS_HAS_TEACHER'
  /** A rejection says why. */
  | 'COMMENT_REQUIRED'
  /** Somebody else changed the object in the meantime, or it already exists. */
  | 'CONFLICT'
  /** The by-products would take more cost than there is. */
  | 'COST_EXCEEDS_POOL'
  /** The operation costs more points than one may; ask for shorter lists or fewer fields. */
  | 'COST_LIMIT_EXCEEDED'
  /** Stock has moved since the list was made that was counted by. */
  | 'COUNT_OUTDATED'
  /** The customer would owe more than the agreed limit. */
  | 'CREDIT_LIMIT_EXCEEDED'
  /** Two currencies met where only one is allowed. */
  | 'CURRENCY_MISMATCH'
  /** There is no such customer. */
  | 'CUSTOMER_NOT_FOUND'
  /** The customer is no registered user, which this needs. */
  | 'CUSTOMER_NOT_REGISTERED'
  /** This is for customers who are known by name; who buys over the counter pays at once. */
  | 'CUSTOMER_REQUIRED'
  /** This user is a customer already. */
  | 'CUSTOMER_TAKEN'
  /** The date is still to come; the books tell of what has happened. */
  | 'DATE_IN_FUTURE'
  /** The day has not come yet. */
  | 'DAY_TO_COME'
  /** There is no such user who could be the debtor of an invoice. */
  | 'DEBTOR_NOT_FOUND'
  /** No pause of delinquency holds today or later. */
  | 'DELINQUENCY_NOT_PAUSED'
  /** An item of the feed could not be prepared; subscribe again with the last cursor. */
  | 'DELIVERY_FAILED'
  /** The document nests deeper than it may. */
  | 'DEPTH_LIMIT_EXCEEDED'
  /** Invoices that are settled together must be of one seller. */
  | 'DIFFERENT_SELLERS'
  /** The document has more directives than it may. */
  | 'DIRECTIVE_LIMIT_EXCEEDED'
  /** More would be paid out than was approved. */
  | 'DISBURSEMENT_EXCEEDS_APPROVAL'
  /** There is no such payout of a loan that the caller may know of. */
  | 'DISBURSEMENT_NOT_FOUND'
  /** The payout was taken back before, or something has happened with the loan since. */
  | 'DISBURSEMENT_NOT_REVERSIBLE'
  /** There is no such discrepancy. */
  | 'DISCREPANCY_NOT_FOUND'
  /** The discrepancy is open. */
  | 'DISCREPANCY_NOT_RESOLVED'
  /** The discrepancy has been dealt with already. */
  | 'DISCREPANCY_RESOLVED'
  /** There is no document with this id. */
  | 'DOCUMENT_NOT_FOUND'
  /** This server runs known documents only, and this is none of them. */
  | 'DOCUMENT_NOT_TRUSTED'
  /** The document has more bytes or tokens than a document may have. */
  | 'DOCUMENT_TOO_LARGE'
  /** There is no such draft of a journal entry, or the caller may not know of it. */
  | 'DRAFT_NOT_FOUND'
  /** An invoice of this number from this seller to this debtor is here already; an invoice is financed once. */
  | 'DUPLICATE_INVOICE'
  /** Two lines of the document are about the same. */
  | 'DUPLICATE_LINE'
  /** Somebody is registered with this e-mail address already. */
  | 'EMAIL_TAKEN'
  /** The student has an enrolment for this programme and period. */
  | 'ENROLLED_TWICE'
  /** Students are in classes on days that would no longer be in the period they are enrolled for. */
  | 'ENROLMENTS_IN_THE_WAY'
  /** The day is not one on which this can happen to the enrolment. */
  | 'ENROLMENT_DAY'
  /** There is no such enrolment, or the caller may not know of it. */
  | 'ENROLMENT_NOT_FOUND'
  /** The student cannot be enrolled so, or the enrolment cannot change so. */
  | 'ENROLMENT_REFUSED'
  /** An enrolment does not go from where it stands to there. */
  | 'ENROLMENT_STATUS'
  /** There is no such journal entry. */
  | 'ENTRY_NOT_FOUND'
  /** The entry belongs to a business process, or is itself a reversal; it cannot be reversed by hand. */
  | 'ENTRY_NOT_REVERSIBLE'
  /** There is no such request for an erasure, or the caller may not know of it. */
  | 'ERASURE_NOT_FOUND'
  /** Something stands against an erasure. */
  | 'ERASURE_OBSTACLE'
  /** The erasure of this person's data has been asked for already. */
  | 'ERASURE_PENDING'
  /** More goes back than was delivered or received and is not back yet. */
  | 'EXCEEDS_RETURNABLE'
  /** There is no such expense, or the caller may not know of it. */
  | 'EXPENSE_NOT_FOUND'
  /** An export of this person's data is being made for the caller already. */
  | 'EXPORT_PENDING'
  /** There is no such category of fees. */
  | 'FEE_CATEGORY_NOT_FOUND'
  /** The fee was changed since the caller read it. */
  | 'FEE_CHANGED_MEANWHILE'
  /** Money for a fee cannot take this way: no wallet is somebody else's, and its provider tells of mobile money. */
  | 'FEE_CHANNEL_NOT_POSSIBLE'
  /** What was paid beyond the fee is less than this. */
  | 'FEE_CREDIT_TOO_SMALL'
  /** Money cannot have come on this day: it is yet to come, or too long ago. */
  | 'FEE_DAY_INVALID'
  /** The fee was deleted; nothing is done with it any more. */
  | 'FEE_DELETED'
  /** More is to be taken off the fee than was recorded by hand. */
  | 'FEE_MONEY_FROM_ELSEWHERE'
  /** What the fee had been paid was undone before; it is undone once. */
  | 'FEE_MONEY_UNDONE'
  /** There is no such fee, or none for you. */
  | 'FEE_NOT_FOUND'
  /** What is wrong with a fee is not that the books disagree with it: its own rows do not agree. */
  | 'FEE_NOT_REPAIRABLE'
  /** The transaction is the money of a fee, and changes with the fee alone. */
  | 'FEE_OWNS_TRANSACTION'
  /** There is no such payment of the fee, or none for you. */
  | 'FEE_PAYMENT_NOT_FOUND'
  /** More is to go back than was paid for what is not due. */
  | 'FEE_REFUND_TOO_LARGE'
  /** The fee structure has no such schedule. */
  | 'FEE_SCHEDULE_NOT_FOUND'
  /** The fee was settled when the student left; that is not done again. */
  | 'FEE_SETTLED'
  /** Nobody is charged by this fee structure any more. */
  | 'FEE_STRUCTURE_INACTIVE'
  /** There is no such fee structure, or none for you. */
  | 'FEE_STRUCTURE_NOT_FOUND'
  /** The fee structure is for another class, programme or period than the enrolment. */
  | 'FEE_STRUCTURE_UNFIT'
  /** The student was deleted, and is charged nothing any more. */
  | 'FEE_STUDENT_DELETED'
  /** The fee was charged by no structure, so that nothing says how this is to be done. */
  | 'FEE_WITHOUT_STRUCTURE'
  /** The file belongs to something already. */
  | 'FILE_ALREADY_ATTACHED'
  /** The file has no bytes. */
  | 'FILE_EMPTY'
  /** There is no such file, or the caller may not read it. */
  | 'FILE_NOT_FOUND'
  /** There is no such purpose, or not for files that are handed in. */
  | 'FILE_PURPOSE_UNKNOWN'
  /** Too many files of the caller belong to nothing yet: use them, or wait until they are deleted. */
  | 'FILE_QUOTA_EXCEEDED'
  /** The file has more bytes than one may have. */
  | 'FILE_TOO_LARGE'
  /** The bytes are of another type than the name or the declared content type says. */
  | 'FILE_TYPE_CONTRADICTED'
  /** The bytes are not of a type that is taken here, whatever the name says. */
  | 'FILE_TYPE_NOT_ALLOWED'
  /** The caller is known but lacks the permission. */
  | 'FORBIDDEN'
  /** The moment is still to come; stock tells of what has happened. */
  | 'FUTURE_DATE'
  /** The document is not GraphQL. */
  | 'GRAPHQL_PARSE_FAILED'
  /** The document does not fit the schema. */
  | 'GRAPHQL_VALIDATION_FAILED'
  /** This is no guardian of the student. */
  | 'GUARDIAN_NOT_FOUND'
  /** More was to be posted than is held. */
  | 'HOLD_EXCEEDED'
  /** The hold was posted, given back or expired before; a hold ends once. */
  | 'HOLD_NOT_PENDING'
  /** The academic year has no such holiday. */
  | 'HOLIDAY_NOT_FOUND'
  /** The idempotency key was used before with another request. */
  | 'IDEMPOTENCY_KEY_REUSED'
  /** The number of instalments is below or above what the loan product allows. */
  | 'INSTALMENTS_OUT_OF_RANGE'
  /** The account has less available than the amount asked for; what is on hold is not available. */
  | 'INSUFFICIENT_FUNDS'
  /** Less of the item can be had than was asked for. */
  | 'INSUFFICIENT_STOCK'
  /** An error of ours. It is logged under the `correlationId` that comes with it. */
  | 'INTERNAL'
  /** The amount is not a positive finite number within the currency's precision and the ledger's range. */
  | 'INVALID_AMOUNT'
  /** The bill of materials contradicts itself. */
  | 'INVALID_BOM'
  /** A branch code has 1 to 20 capital letters, digits and hyphens, and no hyphen at either end. */
  | 'INVALID_BRANCH_CODE'
  /** A comment has 1 to 1,000 characters and no control characters but line breaks. */
  | 'INVALID_COMMENT'
  /** The e-mail address or the password is wrong. */
  | 'INVALID_CREDENTIALS'
  /** The cursor was not issued by this server, or it was altered. */
  | 'INVALID_CURSOR'
  /** A discount is from 0 to 100 percent, or an amount that is not more than what it is taken off. */
  | 'INVALID_DISCOUNT'
  /** This is not an e-mail address that mail can be sent to. */
  | 'INVALID_EMAIL'
  /** An API key ends in the future, within a year. */
  | 'INVALID_EXPIRY'
  /** The first instalment falls due after today and within the time that the product leaves for it. */
  | 'INVALID_FIRST_DUE_DATE'
  /** The input is malformed: empty, too long, out of range or not what the field holds. */
  | 'INVALID_INPUT'
  /** The limits of an API key are out of bounds, or those of all one's keys together are. */
  | 'INVALID_KEY_LIMITS'
  /** The day is one on which this cannot have happened to the loan. */
  | 'INVALID_LOAN_DATE'
  /** The terms of the loan product contradict each other or its bounds. */
  | 'INVALID_LOAN_PRODUCT'
  /** The rule could not mean anything. */
  | 'INVALID_MATCH_RULE'
  /** A name has 1 to 120 characters and no control characters. */
  | 'INVALID_NAME'
  /** These are not IP networks in CIDR notation, or too many of them. */
  | 'INVALID_NETWORKS'
  /** Only mail and text messages can be turned off, each business once. */
  | 'INVALID_NOTIFICATION_CHOICE'
  /** The secret before stays good for 0 to 168 hours beside a new one. */
  | 'INVALID_OVERLAP'
  /** This is not a telephone number with its country that a network gives out. */
  | 'INVALID_PHONE'
  /** A promise to pay names an amount and a day that is not past. */
  | 'INVALID_PROMISE_TO_PAY'
  /** The quantity is not a positive number that the item's base unit can hold at three decimals. */
  | 'INVALID_QUANTITY'
  /** Quiet hours begin and end at different times of day, each such as 22:30. */
  | 'INVALID_QUIET_HOURS'
  /** A payment was received between the day of the funding and today, and not before the payment recorded last. */
  | 'INVALID_RECEIPT_DATE'
  /** The refresh token is unknown, used up, expired or revoked; sign in again. */
  | 'INVALID_REFRESH_TOKEN'
  /** The new plan contradicts itself or does not fit the loan. */
  | 'INVALID_RESCHEDULE'
  /** The roles are empty, or cannot be given in this way. */
  | 'INVALID_ROLES'
  /** An API key needs at least one scope, and none beyond the permissions of its owner. */
  | 'INVALID_SCOPES'
  /** The terms of the offer contradict each other or go beyond what is allowed. */
  | 'INVALID_TERMS'
  /** A variable is missing or does not fit its type. */
  | 'INVALID_VARIABLES'
  /** The address of a webhook endpoint is an https URL of a host that everybody can reach, without user or fragment. */
  | 'INVALID_WEBHOOK_URL'
  /** Investors' money has reached the seller; the invoice can no longer be withdrawn. */
  | 'INVOICE_HAS_INVESTMENTS'
  /** Only the recovery of a defaulted invoice can be closed. */
  | 'INVOICE_NOT_DEFAULTED'
  /** Only a draft can be edited or listed. */
  | 'INVOICE_NOT_DRAFT'
  /** There is no such invoice, or the caller may not know of it. */
  | 'INVOICE_NOT_FOUND'
  /** The invoice takes no money: it is not listed, funded already, expired, or sold in another way. */
  | 'INVOICE_NOT_OPEN'
  /** Nothing is owed on the invoice: it is not funded yet, settled, or its recovery is closed. */
  | 'INVOICE_NOT_PAYABLE'
  /** The invoice's due date has passed; it cannot be offered or funded any more. */
  | 'INVOICE_PAST_DUE'
  /** The first request with this idempotency key is still running; try again shortly. */
  | 'IN_PROGRESS'
  /** There is an item with this code, and it is another one than was described. */
  | 'ITEM_CONTRADICTION'
  /** The item is not used any more. */
  | 'ITEM_INACTIVE'
  /** The item has stock or a history that forbids this. */
  | 'ITEM_IN_USE'
  /** There is no such item. */
  | 'ITEM_NOT_FOUND'
  /** The warehouse does not keep this item. */
  | 'ITEM_NOT_IN_WAREHOUSE'
  /** Another item has this code. */
  | 'ITEM_TAKEN'
  /** There is no scheduled job of this name. */
  | 'JOB_NOT_FOUND'
  /** The task is done or cancelled already. */
  | 'JOB_TASK_FINISHED'
  /** Only a task that has used up its attempts can be tried again by hand. */
  | 'JOB_TASK_NOT_DEAD'
  /** There is no such task. */
  | 'JOB_TASK_NOT_FOUND'
  /** Newer work with the same key is under way. */
  | 'JOB_TASK_SUPERSEDED'
  /** The borrower's identity is verified for this application already. */
  | 'KYC_ALREADY_VERIFIED'
  /** The borrower's identity is not verified, which this loan product asks for. */
  | 'KYC_NOT_VERIFIED'
  /** There is no such landed cost, or the caller may not know of it. */
  | 'LANDED_COST_NOT_FOUND'
  /** The last active administrator can be neither demoted nor deactivated. */
  | 'LAST_ADMIN'
  /** The law wants records of the person kept for some time yet. */
  | 'LEGAL_RETENTION'
  /** The document has no such line. */
  | 'LINE_NOT_FOUND'
  /** The loan is off the books already. */
  | 'LOAN_ALREADY_CHARGED_OFF'
  /** There is no such charge on this loan. */
  | 'LOAN_CHARGE_NOT_FOUND'
  /** The application lacks documents that are needed at this point. */
  | 'LOAN_DOCUMENTS_MISSING'
  /** The loan is on the books; there is no charge-off to undo. */
  | 'LOAN_NOT_CHARGED_OFF'
  /** The loan is not approved, is over, or is charged off; no money is paid out. */
  | 'LOAN_NOT_DISBURSABLE'
  /** Only a draft can be edited or submitted. */
  | 'LOAN_NOT_DRAFT'
  /** There is no such loan, or the caller may not know of it. */
  | 'LOAN_NOT_FOUND'
  /** The loan is not in a state in which this can be done: nothing was paid out yet, or it is over. */
  | 'LOAN_NOT_PAID_OUT'
  /** The application has no review that recommends to approve it. */
  | 'LOAN_NOT_REVIEWED'
  /** The application is no longer open: it was approved, rejected or withdrawn, or not submitted yet. */
  | 'LOAN_NOT_UNDECIDED'
  /** Money was paid out, or the application is over already; it cannot be withdrawn. */
  | 'LOAN_NOT_WITHDRAWABLE'
  /** Recoveries are recorded for loans that are written off; others are repaid. */
  | 'LOAN_NOT_WRITTEN_OFF'
  /** The loan product was revised since the caller read it. */
  | 'LOAN_PRODUCT_CHANGED'
  /** There is no such loan product. */
  | 'LOAN_PRODUCT_NOT_FOUND'
  /** The loan product is not lent any more. */
  | 'LOAN_PRODUCT_RETIRED'
  /** Another loan product has this code. */
  | 'LOAN_PRODUCT_TAKEN'
  /** There is no such request on a loan that the caller may know of. */
  | 'LOAN_REQUEST_NOT_FOUND'
  /** A request of this kind waits for its decision; there is one at a time. */
  | 'LOAN_REQUEST_PENDING'
  /** The application has a review that recommends to approve it. */
  | 'LOAN_REVIEWED_ALREADY'
  /** The loan is written off: nothing of it can be changed or undone any more, only recoveries are recorded. */
  | 'LOAN_WRITTEN_OFF'
  /** Nobody decides on what they asked for, wrote or reviewed themselves. */
  | 'MAKER_IS_CHECKER'
  /** A student is marked twice in one roll. */
  | 'MARKED_TWICE'
  /** Somebody else changed the rule in the meantime. */
  | 'MATCH_RULE_CHANGED'
  /** There is no such rule for matching. */
  | 'MATCH_RULE_NOT_FOUND'
  /** Another rule for matching has this title. */
  | 'MATCH_RULE_TAKEN'
  /** There is no such payment of the mill, or the caller may not know of it. */
  | 'MILL_PAYMENT_NOT_FOUND'
  /** Something that must be said is missing. */
  | 'MISSING_INPUT'
  /** This installation has no account at M-Pesa, so nothing can be asked of it. */
  | 'MPESA_NOT_CONFIGURED'
  /** Nobody has invested yet, so there is nothing to close the funding with. */
  | 'NOTHING_FUNDED'
  /** Nothing of the loan is on the books: no principal is owed, and nothing has fallen due. */
  | 'NOTHING_TO_CHARGE_OFF'
  /** Nothing of the fee goes back. */
  | 'NOTHING_TO_REFUND'
  /** Nothing of this is unpaid that could be let go, or less than asked for. */
  | 'NOTHING_TO_WAIVE'
  /** Only a message that has failed is sent again by hand. */
  | 'NOTIFICATION_DELIVERY_NOT_FAILED'
  /** There is no such message in the outbox. */
  | 'NOTIFICATION_DELIVERY_NOT_FOUND'
  /** There is no such notification, it has expired, or it is somebody else's. */
  | 'NOTIFICATION_NOT_FOUND'
  /** The chart of accounts has no such income account that the school may post to. */
  | 'NOT_AN_INCOME_ACCOUNT'
  /** It is in the books already, or was thrown away; it can be neither changed, nor posted, nor thrown away. */
  | 'NOT_A_DRAFT'
  /** There was no school that day. */
  | 'NOT_A_SCHOOL_DAY'
  /** The student is not enrolled for what this is about. */
  | 'NOT_ENROLLED'
  /** There is no such object, or the caller may not know of it. */
  | 'NOT_FOUND'
  /** Some of the students were not in the class that day. */
  | 'NOT_IN_THE_CLASS'
  /** Nobody asked for its approval, or it was decided before. */
  | 'NOT_PENDING_APPROVAL'
  /** It is not in the books, or was taken back before; there is nothing to take back. */
  | 'NOT_POSTED'
  /** Only the debtor pays an invoice, or its seller when it is overdue and was sold with recourse. */
  | 'NOT_THE_PAYER'
  /** The caller does not teach this class on that day. */
  | 'NOT_YOUR_CLASS'
  /** There is no such loan officer at the loan's branch. */
  | 'OFFICER_NOT_FOUND'
  /** What was there of this item when the books began is in the books already. */
  | 'OPENING_KNOWN'
  /** There is money in accounts of the person, or held there. */
  | 'OPEN_BALANCE'
  /** The person sells, owes, funds or bids for invoices that have not ended. */
  | 'OPEN_INVOICES'
  /** The person has loans or applications that have not ended. */
  | 'OPEN_LOANS'
  /** The person has payments under way, money in suspense, or sessions that are booked. */
  | 'OPEN_PAYMENTS'
  /** The person has sales or purchases with the mill that are open or unpaid. */
  | 'OPEN_TRADES'
  /** The document has no such operation, or several and none is named. */
  | 'OPERATION_NOT_FOUND'
  /** The amount is above what the debtor still owes. */
  | 'OVER_REPAYMENT'
  /** The listener could not bear the event this time either. */
  | 'PARKED_EVENT_FAILED_AGAIN'
  /** There is no such parked event, or its listener or the event itself is gone. */
  | 'PARKED_EVENT_NOT_FOUND'
  /** The parked event has been heard already. */
  | 'PARKED_EVENT_RESOLVED'
  /** The mill does no business with this supplier or customer any more. */
  | 'PARTNER_INACTIVE'
  /** A payment with this reference was recorded before; money is recorded once. */
  | 'PAYMENT_ALREADY_RECORDED'
  /** The payment was reversed before; it is reversed once. */
  | 'PAYMENT_ALREADY_REVERSED'
  /** The payment has come to an end, so it can be neither prompted for nor cancelled. */
  | 'PAYMENT_ENDED'
  /** There is no such payment, or the caller may not know of it. */
  | 'PAYMENT_NOT_FOUND'
  /** The fiscal period or year is closed already. */
  | 'PERIOD_ALREADY_CLOSED'
  /** The fiscal period or year is open already. */
  | 'PERIOD_ALREADY_OPEN'
  /** The date lies in a fiscal period that is closed; nothing can be dated into it. */
  | 'PERIOD_CLOSED'
  /** There is no such fiscal period. */
  | 'PERIOD_NOT_FOUND'
  /** There is no such person, or the caller may not ask for what is held of them. */
  | 'PERSON_NOT_FOUND'
  /** The item has no price of its own; say what it is sold for. */
  | 'PRICE_REQUIRED'
  /** The principal is below or above what the loan product allows. */
  | 'PRINCIPAL_OUT_OF_RANGE'
  /** There is no such production, or the caller may not know of it. */
  | 'PRODUCTION_NOT_FOUND'
  /** The production is not in the state that this needs. */
  | 'PRODUCTION_NOT_OPEN'
  /** There is no such programme. */
  | 'PROGRAM_NOT_FOUND'
  /** There is no prompt with this CheckoutRequestID. */
  | 'PROMPT_NOT_FOUND'
  /** A telephone is being prompted for this payment; wait for what becomes of it. */
  | 'PROMPT_PENDING'
  /** There is no such purchase, or the caller may not know of it. */
  | 'PURCHASE_NOT_FOUND'
  /** The purchase is not in the state that this needs. */
  | 'PURCHASE_NOT_OPEN'
  /** There is no such return to a supplier, or the caller may not know of it. */
  | 'PURCHASE_RETURN_NOT_FOUND'
  /** Nothing can be paid here for this purpose, or not in this way. */
  | 'PURPOSE_NOT_POSSIBLE'
  /** The budget of points is used up; `extensions.cost.resetAt` says when it is full again. */
  | 'RATE_LIMITED'
  /** The yearly rate is below or above what the loan product allows. */
  | 'RATE_OUT_OF_RANGE'
  /** Nothing says what these goods cost: the warehouse never had any, and no value was stated. */
  | 'RATE_REQUIRED'
  /** Live feeds are switched off on this server; queries and mutations work as ever. */
  | 'REAL_TIME_DISABLED'
  /** Who asks for what is held of another, or for its erasure, says why, in 1 to 500 characters. */
  | 'REASON_REQUIRED'
  /** Nobody has told us of this receipt. */
  | 'RECEIPT_NOT_FOUND'
  /** The receipt is another payment's. */
  | 'RECEIPT_TAKEN'
  /** There is no such user who reconciles payments. */
  | 'RECONCILER_NOT_FOUND'
  /** It was changed since the caller read it. */
  | 'RECORD_CHANGED'
  /** There is no such recovery action, or none that the caller may know of. */
  | 'RECOVERY_ACTION_NOT_FOUND'
  /** The recovery action was completed or cancelled, or begun already where it is to begin. */
  | 'RECOVERY_ACTION_OVER'
  /** Mobile money is recorded with the reference of its receipt. */
  | 'REFERENCE_MISSING'
  /** The rules do not allow it; the message says why. */
  | 'REFUSED'
  /** There is no such repayment on a loan that the caller may know of. */
  | 'REPAYMENT_NOT_FOUND'
  /** The repayment was undone before, or the bank took it back; it is undone once. */
  | 'REPAYMENT_NOT_REVERSIBLE'
  /** This kind of report is not made in this format. */
  | 'REPORT_FORMAT_NOT_OFFERED'
  /** There is no such kind of report. */
  | 'REPORT_KIND_UNKNOWN'
  /** There is no such report, or it is somebody else's. */
  | 'REPORT_NOT_FOUND'
  /** Somebody whom the report is to be mailed to may not read what is in it. */
  | 'REPORT_READER_NOT_ALLOWED'
  /** The report has more rows than its format bears; narrow it down or take another format. */
  | 'REPORT_TOO_LARGE'
  /** This cannot be done about a discrepancy of this kind. */
  | 'RESOLUTION_NOT_POSSIBLE'
  /** There is no such revenue, or the caller may not know of it. */
  | 'REVENUE_NOT_FOUND'
  /** Of this payment nothing, or not so much, can be given back. */
  | 'REVERSAL_NOT_POSSIBLE'
  /** Your rights have changed, and with them what this feed shows; subscribe again with the last cursor. */
  | 'RIGHTS_CHANGED'
  /** The operation selects more root fields than it may. */
  | 'ROOT_FIELD_LIMIT_EXCEEDED'
  /** The sale has an invoice already. */
  | 'SALE_ALREADY_INVOICED'
  /** The invoice of the sale was offered to investors already. */
  | 'SALE_ALREADY_OFFERED'
  /** There is no such sale, or the caller may not know of it. */
  | 'SALE_NOT_FOUND'
  /** The sale has no invoice yet. */
  | 'SALE_NOT_INVOICED'
  /** The sale is not in the state that this needs. */
  | 'SALE_NOT_OPEN'
  /** There is no such return of a sale, or the caller may not know of it. */
  | 'SALE_RETURN_NOT_FOUND'
  /** Investors finance the sale's invoice, or may soon: until that is over it takes no money and nothing back. */
  | 'SALE_WITH_INVESTORS'
  /** Money cannot be moved from an account to itself. */
  | 'SAME_ACCOUNT'
  /** Money cannot be moved from a wallet to itself. */
  | 'SAME_WALLET'
  /** Goods are transferred to another warehouse than they are in. */
  | 'SAME_WAREHOUSE'
  /** There is no such schedule of a report, or it is somebody else's. */
  | 'SCHEDULED_REPORT_NOT_FOUND'
  /** The class is not taught any more. */
  | 'SCHOOL_CLASS_CLOSED'
  /** The class has students or a history that forbid this. */
  | 'SCHOOL_CLASS_IN_USE'
  /** There is no such class, or the caller may not know of it. */
  | 'SCHOOL_CLASS_NOT_FOUND'
  /** Another class, subject or programme has this code. */
  | 'SCHOOL_CODE_TAKEN'
  /** There is no such object of the school, or the caller may not know of it. */
  | 'SCHOOL_OBJECT_NOT_FOUND'
  /** There is no such run, or the caller may not know of it. */
  | 'SCHOOL_RUN_NOT_FOUND'
  /** The run is over, or cannot be taken up as it stands. */
  | 'SCHOOL_RUN_NOT_OPEN'
  /** The seller and the debtor of an invoice cannot fund it or bid for it. */
  | 'SELF_FUNDING'
  /** The session is paid or cancelled already. */
  | 'SERVICE_SESSION_NOT_BOOKED'
  /** There is no such booked session, or the caller may not know of it. */
  | 'SERVICE_SESSION_NOT_FOUND'
  /** There is no such session, or it is not the caller's. */
  | 'SESSION_NOT_FOUND'
  /** Only a person who signed in may do this; an API key may not. */
  | 'SESSION_REQUIRED'
  /** What was paid on the invoice went to its investors and its seller, and stays theirs. */
  | 'SETTLEMENT_NOT_REVERSIBLE'
  /** The server is about to stop and opens no new feeds; connect again, to another one. */
  | 'SHUTTING_DOWN'
  /** The person works here; their access is to be taken first. */
  | 'STAFF_ACTIVE'
  /** The import of the statement has come to an end. */
  | 'STATEMENT_IMPORT_ENDED'
  /** There is no such import of a statement. */
  | 'STATEMENT_IMPORT_NOT_FOUND'
  /** The person is enrolled, or answers for a student who is, or teaches. */
  | 'STILL_ENROLLED'
  /** There is no such document about stock, or the caller may not know of it. */
  | 'STOCK_DOCUMENT_NOT_FOUND'
  /** There is no such discount, or none for you. */
  | 'STUDENT_DISCOUNT_NOT_FOUND'
  /** The student has an enrolment or an application that stands. */
  | 'STUDENT_ENROLLED'
  /** There is no such student, or the caller may not know of them. */
  | 'STUDENT_NOT_FOUND'
  /** This user is another student. */
  | 'STUDENT_TAKEN'
  /** There is no such subject. */
  | 'SUBJECT_NOT_FOUND'
  /** There is no such supplier. */
  | 'SUPPLIER_NOT_FOUND'
  /** Another supplier has this name. */
  | 'SUPPLIER_TAKEN'
  /** The teacher does not teach here any more. */
  | 'TEACHER_INACTIVE'
  /** There is no such teacher, or the caller may not know of them. */
  | 'TEACHER_NOT_FOUND'
  /** Another teacher has this number, or is this user. */
  | 'TEACHER_TAKEN'
  /** The academic year has no such term. */
  | 'TERM_NOT_FOUND'
  /** The operation took too long and was stopped. Send a mutation again with its idempotency key. */
  | 'TIMEOUT'
  /** The caller has as many API keys as one may; revoke one first. */
  | 'TOO_MANY_API_KEYS'
  /** The borrower has as many applications open as one can have: drafts, and those that wait for a decision. */
  | 'TOO_MANY_APPLICATIONS'
  /** Too many attempts for this account or from this address; try again after the time told. */
  | 'TOO_MANY_ATTEMPTS'
  /** As many bidders as an auction can take have bid already. */
  | 'TOO_MANY_BIDS'
  /** The application has as many documents as one can have. */
  | 'TOO_MANY_DOCUMENTS'
  /** This connection has as many operations open as it may. */
  | 'TOO_MANY_FEEDS'
  /** There are as many rules for matching as there can be. */
  | 'TOO_MANY_MATCH_RULES'
  /** So many papers cannot be added to a voucher, or none was named. */
  | 'TOO_MANY_PAPERS'
  /** The telephone, or somebody's customers, were prompted so often lately that it would be a nuisance. */
  | 'TOO_MANY_PROMPTS'
  /** Too many reports of the caller are being made; wait for one of them. */
  | 'TOO_MANY_REPORTS'
  /** The caller has too many schedules; cancel one of them. */
  | 'TOO_MANY_SCHEDULED_REPORTS'
  /** So many statements are being imported that no more are taken. */
  | 'TOO_MANY_STATEMENT_IMPORTS'
  /** Nobody has more than 10 webhook endpoints at a time. */
  | 'TOO_MANY_WEBHOOK_ENDPOINTS'
  /** The transaction was changed or deleted since the caller read it; another one may stand in its place. */
  | 'TRANSACTION_CHANGED_MEANWHILE'
  /** There is no such financial transaction, or none for you. */
  | 'TRANSACTION_NOT_FOUND'
  /** There is no such transfer between accounts of the house, or the caller may not know of it. */
  | 'TRANSFER_NOT_FOUND'
  /** The caller is not signed in, or the token is expired or revoked. */
  | 'UNAUTHENTICATED'
  /** The database cannot be reached or has too much to do; try again shortly, a mutation with its idempotency key. */
  | 'UNAVAILABLE'
  /** Debits and credits of the entry are not equal in each currency, or it has fewer than two lines. */
  | 'UNBALANCED_ENTRY'
  /** There is no such kind of approval. */
  | 'UNKNOWN_APPROVAL_KIND'
  /** There are no events of this name or business. */
  | 'UNKNOWN_EVENT_TYPE'
  /** This is no time zone of the IANA database, such as Africa/Nairobi. */
  | 'UNKNOWN_TIME_ZONE'
  /** The item is not measured in this unit. */
  | 'UNKNOWN_UNIT'
  /** The person owes school fees, or has paid in advance. */
  | 'UNPAID_FEES'
  /** There is no such user, or the caller may not know of them. */
  | 'USER_NOT_FOUND'
  /** The charge was not let go, so there is nothing to take back. */
  | 'WAIVER_NOT_FOUND'
  /** There is no such wallet, or it is somebody else's. */
  | 'WALLET_NOT_FOUND'
  /** The warehouse would hold more than it can. */
  | 'WAREHOUSE_CAPACITY_EXCEEDED'
  /** The warehouse is closed: nothing comes in or goes out. */
  | 'WAREHOUSE_CLOSED'
  /** The warehouse has stock or a history that forbids this. */
  | 'WAREHOUSE_IN_USE'
  /** There is no such warehouse, or the caller may not know of it. */
  | 'WAREHOUSE_NOT_FOUND'
  /** Another warehouse has this code. */
  | 'WAREHOUSE_TAKEN'
  /** A password has 10 to 200 characters and is not the e-mail address. */
  | 'WEAK_PASSWORD'
  /** The endpoint is paused or disabled; resume it first. */
  | 'WEBHOOK_ENDPOINT_NOT_ENABLED'
  /** There is no such webhook endpoint, or it is not the caller's. */
  | 'WEBHOOK_ENDPOINT_NOT_FOUND'
  /** This is not the id of a message that the log can be read from: it is malformed, of another history, or forgotten. */
  | 'WEBHOOK_MESSAGE_UNKNOWN'
  /** The period belongs to a fiscal year that is closed; reopen the year first. */
  | 'YEAR_IS_CLOSED'
  /** There is no such fiscal year. */
  | 'YEAR_NOT_FOUND'
  /** The fiscal year has not ended yet; its result is not known. */
  | 'YEAR_NOT_OVER'
  /** Another fiscal year covers some of these days, or has this name. */
  | 'YEAR_OVERLAPS';

/** What the advance costs. */
export type FeeInput = {
  /** How it is reckoned. */
  method: FeeMethod;
  /** Percent of the face value, from 0 to 50; with PRORATED for 30 days; in an auction the highest acceptable. 0 with TIERED. */
  rate?: string;
  /** With TIERED, the earliest first; each not cheaper than before. */
  tiers?: Array<FeeTierInput> | null | undefined;
};

/** How the fee for the advance is reckoned. */
export type FeeMethod =
  /** A percentage of the face value, whenever the debtor pays. */
  | 'FLAT'
  /** Face value x monthly rate x days / 30, rounded half-even to the minor unit. */
  | 'PRORATED'
  /** A percentage of the face value by the day on which the debtor has paid; a tier's last day is in it. */
  | 'TIERED';

/** A percentage of the face value that holds until a day. */
export type FeeTierInput = {
  /** Percent of the face value, from 0 to 50. */
  rate: string;
  /** The last day of the tier, counted from the advance. */
  upToDays: number;
};

/** What to fund, and with how much. */
export type FundInvoiceInput = {
  /** Take what remains if that is less, instead of refusing. */
  allowPartial?: boolean;
  /** How much, in its currency; at least its minimum, unless less remains. */
  amount: MoneyInput;
  /** A text of your choice that names this act. Sent again with the same input it changes nothing and answers the first result with `replayed: true`. Kept for 48 hours; 1 to 200 characters. */
  idempotencyKey?: string | null | undefined;
  /** The invoice. */
  invoiceId: string | number;
};

/** When the seller gets the money. */
export type FundingMode =
  /** Once all of it is there; until then it is held in the investors' wallets. */
  | 'ALL_OR_NOTHING'
  /** With every investment. */
  | 'IMMEDIATE';

/** The seller's line of business. */
export type Industry =
  /** Farming, fishing and forestry. */
  | 'AGRICULTURE'
  /** Building. */
  | 'CONSTRUCTION'
  /** Schools and training. */
  | 'EDUCATION'
  /** Power, fuel and water. */
  | 'ENERGY'
  /** Health care and medicines. */
  | 'HEALTH'
  /** Food and lodging. */
  | 'HOSPITALITY'
  /** Making things. */
  | 'MANUFACTURING'
  /** Anything else. */
  | 'OTHER'
  /** Selling to people. */
  | 'RETAIL'
  /** Services to businesses and people. */
  | 'SERVICES'
  /** Software and telecommunications. */
  | 'TECHNOLOGY'
  /** Moving people and goods. */
  | 'TRANSPORT'
  /** Selling to businesses. */
  | 'WHOLESALE';

/** Where an investment's money is. */
export type InvestmentState =
  /** With the seller. */
  | 'ACTIVE'
  /** Set aside in the investor's wallet until all of the advance is there. */
  | 'HELD'
  /** Given back unused. */
  | 'RELEASED';

/** An act on one invoice that needs nothing but its id. */
export type InvoiceActInput = {
  /** A text of your choice that names this act. Sent again with the same input it changes nothing and answers the first result with `replayed: true`. Kept for 48 hours; 1 to 200 characters. */
  idempotencyKey?: string | null | undefined;
  /** The invoice. */
  invoiceId: string | number;
};

/** What happened to an invoice. */
export type InvoiceChange =
  /** Its auction ended. */
  | 'AUCTION_CLOSED'
  /** Its due date passed with something unpaid. */
  | 'BECAME_OVERDUE'
  /** Somebody bid for it. */
  | 'BID_PLACED'
  /** Somebody took a bid back. */
  | 'BID_WITHDRAWN'
  /** Its grace passed with something unpaid. */
  | 'DEFAULTED'
  /** It was written as a draft. */
  | 'DRAFTED'
  /** The draft was edited. */
  | 'EDITED'
  /** Its deadline passed without enough money. */
  | 'EXPIRED'
  /** What is funded so far became the advance. */
  | 'FUNDING_CLOSED'
  /** Somebody invested in it. */
  | 'INVESTMENT_MADE'
  /** The draft was put on the marketplace. */
  | 'LISTED'
  /** What it still owes was given up as lost. */
  | 'RECOVERY_CLOSED'
  /** A payment came in. */
  | 'REPAID'
  /** Its seller took it back. */
  | 'WITHDRAWN';

/** Where an invoice stands between its draft and its end. */
export type InvoiceStatus =
  /** Withdrawn by its seller before any money was out. */
  | 'CANCELLED'
  /** The grace has passed with something unpaid. */
  | 'DEFAULTED'
  /** Being written; only its seller sees it. */
  | 'DRAFT'
  /** Not filled by its deadline; everything that was held went back. */
  | 'EXPIRED'
  /** All that was asked for is there; the debtor owes. */
  | 'FUNDED'
  /** On the marketplace; nobody has invested yet. */
  | 'LISTED'
  /** The due date has passed with something unpaid; the grace runs. */
  | 'OVERDUE'
  /** On the marketplace; a part is funded. */
  | 'PARTIALLY_FUNDED'
  /** The debtor has paid a part, and the rest is not late. */
  | 'PARTIALLY_REPAID'
  /** A default that is over: paid in full after all, or the rest given up as lost. */
  | 'RECOVERED'
  /** Paid in full. */
  | 'SETTLED';

/** Who signs in. */
export type LoginInput = {
  /** What this client runs on, for the list of sessions; cut to 200 characters. */
  device?: string | null | undefined;
  /** The e-mail address, in any case. */
  email: string;
  /** The password. */
  password: string;
};

/** Whose sessions end. */
export type LogoutEverywhereInput = {
  /** Another user, for those who manage users; oneself when left out. */
  userId?: string | number | null | undefined;
};

/** What happened to an invoice as the marketplace sees it. */
export type MarketChange =
  /** It is new on the marketplace. */
  | 'ADDED'
  /** It is still there, with other figures. */
  | 'CHANGED'
  /** It is gone: funded, withdrawn or expired. */
  | 'REMOVED';

/** In which order the marketplace is shown. */
export type MarketSort =
  /** The earliest due date first. */
  | 'DUE_SOON'
  /** The earliest funding deadline first. */
  | 'ENDING_SOON'
  /** The highest expected yearly yield first. */
  | 'HIGHEST_YIELD'
  /** The largest amount still to be funded first. */
  | 'LARGEST_REMAINING'
  /** The one listed last comes first. */
  | 'NEWEST'
  /** The smallest amount still to be funded first. */
  | 'SMALLEST_REMAINING';

/** What to look for on the marketplace; everything that is said must hold. */
export type MarketplaceFilter = {
  /** Invoices in this currency. */
  currency?: string | null | undefined;
  /** Due on this day or later. */
  dueFrom?: string | null | undefined;
  /** Due on this day or earlier. */
  dueUntil?: string | null | undefined;
  /** The seller is in one of these. */
  industries?: Array<Industry> | null | undefined;
  /** At most so much is still to be funded; means this currency. */
  maxRemaining?: MoneyInput | null | undefined;
  /** At least so much is still to be funded; means this currency. */
  minRemaining?: MoneyInput | null | undefined;
  /** An expected yearly yield of at least so many percent. */
  minYield?: string | null | undefined;
  /** With, or without, the seller answering for the debt. */
  recourse?: boolean | null | undefined;
  /** Sold in this way. */
  saleMethod?: SaleMethod | null | undefined;
  /** A part of the number, the seller's or the debtor's name. */
  search?: string | null | undefined;
};

/** An amount that somebody asks to move or to set. */
export type MoneyInput = {
  /** In major units, with no more decimals than the currency has: greater than zero, or from zero where that is said. */
  amount: string;
  /** The currency. */
  currency: string;
};

/** A branch to open. */
export type OpenBranchInput = {
  /** Its code for good: 1 to 20 letters, digits and hyphens, such as NBO-01. */
  code: string;
  /** What it is called, 1 to 120 characters; no other open branch may be called so. */
  name: string;
};

/** What somebody is to an invoice. */
export type Party =
  /** Who owes what it says. */
  | 'DEBTOR'
  /** Who funds it or might. */
  | 'INVESTOR'
  /** Whose invoice it is, and who gets the advance. */
  | 'SELLER'
  /** Who looks after it for the house. */
  | 'STAFF';

/** Where a repayment came from. */
export type PaymentSource =
  /** From the bank, recorded by staff. */
  | 'BANK'
  /** From M-Pesa, by a payment for this invoice. */
  | 'MPESA'
  /** From a wallet here. */
  | 'WALLET';

/** What a field can demand. Roles bring permissions; an API key has those that its scopes name. */
export type Permission =
  /** Brought by the roles ACCOUNTANT, ADMIN. */
  | 'ACCOUNTING_APPROVE'
  /** Brought by the roles ACCOUNTANT, ADMIN, BRANCH_MANAGER. */
  | 'ACCOUNTING_READ'
  /** Brought by the roles ACCOUNTANT, ADMIN. */
  | 'ACCOUNTING_WRITE'
  /** Brought by the roles ADMIN. */
  | 'ADMIN_DASHBOARD'
  /** Brought by the roles ACCOUNTANT, ADMIN, MILL_MANAGER. */
  | 'ALL_BRANCHES'
  /** Brought by the roles ACCOUNTANT, ADMIN, BURSAR, REGISTRAR. */
  | 'ALL_CLASSES'
  /** Brought by the roles ADMIN. */
  | 'API_KEYS_MANAGE'
  /** Brought by the roles ACCOUNTANT, ADMIN, BRANCH_MANAGER. */
  | 'APPROVALS_READ'
  /** Brought by the roles ADMIN, REGISTRAR, TEACHER. */
  | 'ATTENDANCE_MARK'
  /** Brought by the roles ACCOUNTANT, ADMIN. */
  | 'AUDIT_READ'
  /** Brought by the roles ADMIN. */
  | 'BRANCHES_MANAGE'
  /** Brought by the roles ADMIN, BRANCH_MANAGER. */
  | 'BRANCH_DASHBOARD'
  /** Brought by the roles ADMIN, BRANCH_MANAGER, LOAN_OFFICER. */
  | 'COLLECTIONS_WORK'
  /** Brought by the roles ADMIN, REGISTRAR. */
  | 'ENROLMENTS_MANAGE'
  /** Brought by the roles ACCOUNTANT, ADMIN, BRANCH_MANAGER, LOAN_OFFICER, MILL_MANAGER. */
  | 'EVENTS_READ'
  /** Brought by the roles ACCOUNTANT, ADMIN, BURSAR, CASHIER. */
  | 'FEES_COLLECT'
  /** Brought by the roles ADMIN, BURSAR. */
  | 'FEES_MANAGE'
  /** Brought by the roles ACCOUNTANT, ADMIN, BURSAR, CASHIER. */
  | 'FEES_READ'
  /** Brought by the roles ACCOUNTANT, ADMIN. */
  | 'FISCAL_PERIODS_MANAGE'
  /** Brought by the roles ADMIN. */
  | 'INTEGRITY_READ'
  /** Brought by the roles ACCOUNTANT, ADMIN. */
  | 'INVOICES_MANAGE'
  /** Brought by the roles ADMIN, INVESTOR. */
  | 'INVOICE_FUND'
  /** Brought by the roles ACCOUNTANT, ADMIN, DEBTOR, INVESTOR, MILL_MANAGER, SELLER. */
  | 'INVOICE_READ'
  /** Brought by the roles ADMIN, MILL_MANAGER, SELLER. */
  | 'INVOICE_SELL'
  /** Brought by the roles ADMIN, DEBTOR. */
  | 'INVOICE_SETTLE'
  /** Brought by the roles ADMIN. */
  | 'JOBS_MANAGE'
  /** Brought by the roles ADMIN. */
  | 'JOBS_READ'
  /** Brought by the roles ACCOUNTANT, ADMIN. */
  | 'LEDGER_POST'
  /** Brought by the roles ACCOUNTANT, ADMIN. */
  | 'LEDGER_READ'
  /** Brought by the roles ADMIN, BRANCH_MANAGER. */
  | 'LOAN_ADJUST'
  /** Brought by the roles ADMIN, BORROWER. */
  | 'LOAN_APPLY'
  /** Brought by the roles ADMIN, BRANCH_MANAGER. */
  | 'LOAN_APPROVE'
  /** Brought by the roles ACCOUNTANT, ADMIN, BRANCH_MANAGER, LOAN_OFFICER. */
  | 'LOAN_COLLECT'
  /** Brought by the roles ADMIN. */
  | 'LOAN_DISBURSE'
  /** Brought by the roles ADMIN. */
  | 'LOAN_PRODUCTS_MANAGE'
  /** Brought by the roles ACCOUNTANT, ADMIN, BORROWER, BRANCH_MANAGER, LOAN_OFFICER. */
  | 'LOAN_READ'
  /** Brought by the roles ADMIN, BRANCH_MANAGER, LOAN_OFFICER. */
  | 'LOAN_REVIEW'
  /** Brought by the roles ACCOUNTANT, ADMIN, MILL_MANAGER. */
  | 'MILL_BACKDATE'
  /** Brought by the roles ACCOUNTANT, ADMIN, CASHIER, MILL_MANAGER. */
  | 'MILL_BILL'
  /** Brought by the roles ADMIN, MILL_MANAGER. */
  | 'MILL_MANAGE'
  /** Brought by the roles ADMIN, MILL_MANAGER, STOREKEEPER. */
  | 'MILL_PRODUCE'
  /** Brought by the roles ADMIN, MILL_MANAGER, STOREKEEPER. */
  | 'MILL_PURCHASE'
  /** Brought by the roles ACCOUNTANT, ADMIN, CASHIER, MILL_MANAGER, SALES_CLERK, STOREKEEPER. */
  | 'MILL_READ'
  /** Brought by the roles ADMIN, MILL_MANAGER, SALES_CLERK. */
  | 'MILL_SELL'
  /** Brought by the roles ADMIN, LOAN_OFFICER. */
  | 'OFFICER_DASHBOARD'
  /** Brought by the roles ADMIN. */
  | 'OUTBOX_MANAGE'
  /** Brought by the roles ACCOUNTANT, ADMIN, BRANCH_MANAGER, BURSAR, CASHIER, LOAN_OFFICER, MILL_MANAGER, SALES_CLERK. */
  | 'PAYMENTS_COLLECT'
  /** Brought by the roles ADMIN. */
  | 'PAYMENTS_RECONCILE'
  /** Brought by the roles ADMIN. */
  | 'PERSONAL_DATA_MANAGE'
  /** Nobody needs to be signed in. */
  | 'PUBLIC'
  /** Brought by the roles ACCOUNTANT, ADMIN, BRANCH_MANAGER, BURSAR, LOAN_OFFICER, MILL_MANAGER, REGISTRAR, SALES_CLERK, STOREKEEPER. */
  | 'REPORTS_GENERATE'
  /** Brought by the roles ACCOUNTANT, ADMIN, BURSAR. */
  | 'SCHOOL_BOOKS'
  /** Brought by the roles ADMIN, REGISTRAR. */
  | 'SCHOOL_MANAGE'
  /** Brought by the roles ACCOUNTANT, ADMIN, BURSAR, REGISTRAR, TEACHER. */
  | 'SCHOOL_READ'
  /** Brought by the roles ADMIN. */
  | 'SCHOOL_REPAIR'
  /** Whoever is signed in has it. */
  | 'SIGNED_IN'
  /** Brought by the roles ADMIN, MILL_MANAGER, STOREKEEPER. */
  | 'STOCK_KEEP'
  /** Brought by the roles ADMIN. */
  | 'USERS_MANAGE'
  /** Brought by the roles ACCOUNTANT, ADMIN. */
  | 'WALLETS_READ_ALL'
  /** Brought by the roles ADMIN, BORROWER, BRANCH_MANAGER, BURSAR, CASHIER, DEBTOR, GUARDIAN, INVESTOR, LOAN_OFFICER, MILL_MANAGER, REGISTRAR, SALES_CLERK, SELLER, STOREKEEPER, TEACHER. */
  | 'WALLET_USE'
  /** Brought by the roles ADMIN, GUARDIAN. */
  | 'WARDS_READ';

/** An offer to fund the whole advance of an invoice in an auction. */
export type PlaceBidInput = {
  /** A text of your choice that names this act. Sent again with the same input it changes nothing and answers the first result with `replayed: true`. Kept for 48 hours; 1 to 200 characters. */
  idempotencyKey?: string | null | undefined;
  /** The invoice. */
  invoiceId: string | number;
  /** The fee asked for, in percent with two decimals at most; lower than your own standing bid. */
  rate: string;
};

/** Who may sign in again. */
export type ReactivateUserInput = {
  /** The user. */
  userId: string | number;
};

/** What a debtor has paid to the bank, recorded by staff. */
export type RecordInvoicePaymentInput = {
  /** How much was received; not more than is owed. */
  amount: MoneyInput;
  /** A text of your choice that names this act. Sent again with the same input it changes nothing and answers the first result with `replayed: true`. Kept for 48 hours; 1 to 200 characters. */
  idempotencyKey?: string | null | undefined;
  /** The invoice. */
  invoiceId: string | number;
  /** The day on which it was received; today when left out. */
  receivedOn?: string | null | undefined;
  /** What the bank's statement says, up to 120 characters; recorded once for an invoice. */
  reference?: string;
};

/** The session to go on with. */
export type RefreshTokenInput = {
  /** The newest refresh token of the session. It is good for one use. */
  refreshToken: string;
};

/** Somebody new. */
export type RegisterUserInput = {
  /** The e-mail address to sign in with; nobody else may have it. */
  email: string;
  /** 1 to 120 characters on one line. */
  name: string;
  /** 10 to 200 characters, and not the e-mail address. */
  password: string;
  /** One of SELLER, INVESTOR, DEBTOR, BORROWER and GUARDIAN, or several. */
  roles: Array<Role>;
};

/** Another name for a branch. */
export type RenameBranchInput = {
  /** The branch. */
  branchId: string | number;
  /** What it is called from now on, 1 to 120 characters. */
  name: string;
};

/** The branch to open again. */
export type ReopenBranchInput = {
  /** The branch. */
  branchId: string | number;
};

/** Why what happened since a cursor cannot be told again. */
export type ResyncReason =
  /** The history was restored or truncated, so that the cursor is of another past. */
  | 'EPOCH_CHANGED'
  /** The cursor is older than what the log keeps at hand. */
  | 'TOO_OLD';

/** The key to end. */
export type RevokeApiKeyInput = {
  /** The key. */
  apiKeyId: string | number;
};

/** A risk score in one letter. */
export type RiskGrade =
  /** From 0: little risk. */
  | 'A'
  /** From 20. */
  | 'B'
  /** From 40. */
  | 'C'
  /** From 60. */
  | 'D'
  /** From 80: great risk. */
  | 'E';

/** What a rule of the risk score looks at. */
export type RiskRule =
  /** How much of the face value is advanced. */
  | 'ADVANCE_RATE'
  /** What every invoice starts with. */
  | 'BASE'
  /** Whether most of the seller's open invoices are owed by the same debtor. */
  | 'CONCENTRATION'
  /** How the debtor has paid other invoices here. */
  | 'DEBTOR_RECORD'
  /** Whether the debtor is late already. */
  | 'PAYMENT_STATUS'
  /** Whether the seller answers for the debt. */
  | 'RECOURSE'
  /** What became of the seller's other invoices. */
  | 'SELLER_RECORD'
  /** How the face value compares with what the debtor has paid here. */
  | 'SIZE'
  /** For how long the money is out. */
  | 'TENOR';

/** What somebody is in the organisation or towards it. A user has one role or more, and the permissions of all. */
export type Role =
  /** Keeps the books: the ledger, the trial balance, the audit trail. */
  | 'ACCOUNTANT'
  /** Runs the installation: may do everything. */
  | 'ADMIN'
  /** Takes loans. */
  | 'BORROWER'
  /** Approves what the officers of a branch prepare. */
  | 'BRANCH_MANAGER'
  /** Keeps the fees of a school. */
  | 'BURSAR'
  /** Takes and gives cash. */
  | 'CASHIER'
  /** Owes what an invoice says, and repays it. */
  | 'DEBTOR'
  /** Answers and pays for a pupil. */
  | 'GUARDIAN'
  /** Funds invoices. */
  | 'INVESTOR'
  /** Takes loan applications and looks after loans of a branch. */
  | 'LOAN_OFFICER'
  /** Plans and answers for the production of a mill. */
  | 'MILL_MANAGER'
  /** Keeps a school's calendar, classes and people, and enrols students. */
  | 'REGISTRAR'
  /** Sells what the mill makes. */
  | 'SALES_CLERK'
  /** Offers invoices for finance. */
  | 'SELLER'
  /** Receives and issues stock of a warehouse. */
  | 'STOREKEEPER'
  /** Records the attendance and marks of a class. */
  | 'TEACHER';

/** The key to give another secret. */
export type RotateApiKeyInput = {
  /** One of your own that has not ended. */
  apiKeyId: string | number;
  /** Another end for the key, within 366 days; as before when left out. */
  expiresAt?: string | null | undefined;
  /** A text of your choice that names this act. Sent again with the same input it changes nothing and answers the first result with `replayed: true`. Kept for 48 hours; 1 to 200 characters. */
  idempotencyKey?: string | null | undefined;
  /** For how many hours the secret before is good beside the new one, from 0 to 168. With 0 it ends at once, and so do its sockets. */
  overlapHours?: number;
};

/** How investors come to an invoice. */
export type SaleMethod =
  /** By bidding a fee rate for the whole advance; the lowest rate wins. */
  | 'AUCTION'
  /** At its fixed terms, in any amounts. */
  | 'FIXED';

/** Something to be said about an invoice. */
export type SendInvoiceMessageInput = {
  /** 1 to 2,000 characters. All who may see the invoice read it. */
  body: string;
  /** A text of your choice that names this act. Sent again with the same input it changes nothing and answers the first result with `replayed: true`. Kept for 48 hours; 1 to 200 characters. */
  idempotencyKey?: string | null | undefined;
  /** The invoice. */
  invoiceId: string | number;
};

/** Where text messages reach somebody. */
export type SetPhoneInput = {
  /** The number with its country, such as `+254 712 345678`; null takes it away. */
  phone?: string | null | undefined;
  /** Another user, for those who manage users; oneself when left out. */
  userId?: string | number | null | undefined;
};

/** An invoice to be repaid from your wallet. */
export type SettleInvoiceInput = {
  /** A part of what is owed; all of it when left out. */
  amount?: MoneyInput | null | undefined;
  /** A text of your choice that names this act. Sent again with the same input it changes nothing and answers the first result with `replayed: true`. Kept for 48 hours; 1 to 200 characters. */
  idempotencyKey?: string | null | undefined;
  /** The invoice. */
  invoiceId: string | number;
};

/** Several invoices of one seller to be repaid at once, in one journal entry. */
export type SettleInvoicesInput = {
  /** A part of what is owed, for the earliest due first; all of everything when left out. */
  amount?: MoneyInput | null | undefined;
  /** A text of your choice that names this act. Sent again with the same input it changes nothing and answers the first result with `replayed: true`. Kept for 48 hours; 1 to 200 characters. */
  idempotencyKey?: string | null | undefined;
  /** 1 to 20 different invoices of one seller, in one currency. */
  invoiceIds: Array<string | number>;
};

/** Which way money went, seen from the wallet. */
export type TransactionType =
  /** Into the wallet. */
  | 'CREDIT'
  /** Out of the wallet. */
  | 'DEBIT';

/** Money to be sent from one wallet to another of the same currency. */
export type TransferFundsInput = {
  /** How much, in the wallets' currency. */
  amount: MoneyInput;
  /** What it is for, of 1 to 140 characters; both sides read it. */
  description?: string;
  /** The sender's own wallet. */
  fromWalletId: string | number;
  /** A text of your choice that names this act. Sent again with the same input it changes nothing and answers the first result with `replayed: true`. Kept for 48 hours; 1 to 200 characters. */
  idempotencyKey?: string | null | undefined;
  /** The recipient's wallet. */
  toWalletId: string | number;
};

/** What to change of a key. What is left out stays. */
export type UpdateApiKeyInput = {
  /** The IP networks that it may be used from, such as `203.0.113.0/24`, at most 20; any when empty; null leaves them. With others its open sockets end, and may come back from these. */
  allowedNetworks?: Array<string> | null | undefined;
  /** One of your own that has not ended. */
  apiKeyId: string | number;
  /** When it ends, within 366 days; null leaves it. */
  expiresAt?: string | null | undefined;
  /** How many sockets and streams it may have open, from 1 to 50; null for as many as you may. Those that are open stay. */
  maxSockets?: number | null | undefined;
  /** What you call it, 1 to 120 characters; null leaves it. */
  name?: string | null | undefined;
  /** A budget of its own, in points a minute at one server; null for a share in yours. The budgets of all your keys together are not larger than yours. */
  pointsPerMinute?: number | null | undefined;
  /** All that it may do from now on, out of your own permissions; at least one; null leaves them. */
  scopes?: Array<Permission> | null | undefined;
};

/** What to change of a draft. What is left out stays; null brings back the usual, or stays where there is none. */
export type UpdateInvoiceInput = {
  /** Percent of the face value to be advanced. */
  advanceRate?: string | null | undefined;
  /** The debtor's user; null for none. */
  debtorId?: string | number | null | undefined;
  /** Who owes it. */
  debtorName?: string | null | undefined;
  /** What it is for. */
  description?: string | null | undefined;
  /** The day by which the debtor pays. It also brings back the usual funding deadline. */
  dueOn?: string | null | undefined;
  /** What the debtor owes in all; says the currency. */
  faceValue?: MoneyInput | null | undefined;
  /** What the advance costs. */
  fee?: FeeInput | null | undefined;
  /** Until when it takes money; null for the configured time. */
  fundingDeadlineAt?: string | null | undefined;
  /** When you get the money. */
  fundingMode?: FundingMode | null | undefined;
  /** The grace; null for the configured one. */
  graceDays?: number | null | undefined;
  /** Your line of business. */
  industry?: Industry | null | undefined;
  /** Your draft. */
  invoiceId: string | number;
  /** The date of the invoice; null for today. */
  issuedOn?: string | null | undefined;
  /** The smallest investment; null for a 500th of the advance. */
  minInvestment?: MoneyInput | null | undefined;
  /** Your own number. */
  number?: string | null | undefined;
  /** Whether you answer for the debt when the debtor is late. */
  recourse?: boolean | null | undefined;
  /** How investors come to it. */
  saleMethod?: SaleMethod | null | undefined;
};

/** Which users to list; those that fit all that is said. */
export type UserFilter = {
  /** Only those who may sign in, or only those who may not. */
  active?: boolean | null | undefined;
  /** Only those who belong to this branch. */
  branchId?: string | number | null | undefined;
  /** Only users with this role. */
  role?: Role | null | undefined;
  /** A part of the name or e-mail address, in any case; up to 100 characters. */
  search?: string | null | undefined;
};

export type ConsumerBalanceQueryVariables = Exact<{ [key: string]: never; }>;


export type ConsumerBalanceQuery = { wallet: { id: string, available: { amount: string, currency: string } } | null };

export type ApiKeysQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type ApiKeysQuery = { apiKeys: { nodes: Array<{ id: string, name: string, prefix: string, scopes: Array<Permission>, live: boolean, createdAt: string, expiresAt: string, lastUsedAt: string | null, revokedAt: string | null, rotatedAt: string | null, previousPrefix: string | null, previousUntil: string | null, previousLastUsedAt: string | null, pointsPerMinute: number | null, maxSockets: number | null, allowedNetworks: Array<string> }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type AssignBranchMutationVariables = Exact<{
  input: AssignBranchInput;
}>;


export type AssignBranchMutation = { assignBranch: { user: { id: string, name: string, branch: { id: string, code: string, name: string } | null } | null, errors: Array<{ code: ErrorCode, message: string, field: Array<string> | null }> } };

export type BranchQueryVariables = Exact<{
  id: string | number;
}>;


export type BranchQuery = { branch: { id: string, code: string, name: string, active: boolean, createdAt: string } | null };

export type BranchesQueryVariables = Exact<{
  active?: boolean | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type BranchesQuery = { branches: { nodes: Array<{ id: string, code: string, name: string, active: boolean, createdAt: string }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type ChangePasswordMutationVariables = Exact<{
  input: ChangePasswordInput;
}>;


export type ChangePasswordMutation = { changePassword: { user: { id: string, name: string } | null, errors: Array<{ code: ErrorCode, message: string, field: Array<string> | null }> } };

export type ChangeRolesMutationVariables = Exact<{
  input: ChangeRolesInput;
}>;


export type ChangeRolesMutation = { changeRoles: { user: { id: string, name: string, email: string | null, roles: Array<Role> | null, active: boolean | null } | null, errors: Array<{ code: ErrorCode, message: string, field: Array<string> | null }> } };

export type CloseBranchMutationVariables = Exact<{
  input: CloseBranchInput;
}>;


export type CloseBranchMutation = { closeBranch: { branch: { id: string, code: string, name: string, active: boolean, createdAt: string } | null, errors: Array<{ code: ErrorCode, message: string, field: Array<string> | null }> } };

export type CreateApiKeyMutationVariables = Exact<{
  input: CreateApiKeyInput;
}>;


export type CreateApiKeyMutation = { createApiKey: { key: string | null, apiKey: { id: string, name: string, prefix: string, scopes: Array<Permission>, expiresAt: string } | null, errors: Array<{ code: ErrorCode, message: string, field: Array<string> | null }> } };

export type CreateUserMutationVariables = Exact<{
  input: CreateUserInput;
}>;


export type CreateUserMutation = { createUser: { user: { id: string, name: string, email: string | null, roles: Array<Role> | null, active: boolean | null, branch: { id: string, code: string } | null } | null, errors: Array<{ code: ErrorCode, message: string, field: Array<string> | null }> } };

export type DeactivateUserMutationVariables = Exact<{
  input: DeactivateUserInput;
}>;


export type DeactivateUserMutation = { deactivateUser: { user: { id: string, name: string, email: string | null, roles: Array<Role> | null, active: boolean | null } | null, errors: Array<{ code: ErrorCode, message: string, field: Array<string> | null }> } };

export type EndSessionMutationVariables = Exact<{
  input: EndSessionInput;
}>;


export type EndSessionMutation = { endSession: { endedSessions: number | null, errors: Array<{ code: ErrorCode, message: string, field: Array<string> | null }> } };

export type LoginMutationVariables = Exact<{
  input: LoginInput;
}>;


export type LoginMutation = { login: { accessToken: string | null, refreshToken: string | null, expiresAt: string | null, user: { id: string, name: string, roles: Array<Role> | null, permissions: Array<Permission> | null } | null, errors: Array<{ code: ErrorCode, message: string, field: Array<string> | null, retryAfterSeconds: number | null }> } };

export type LogoutMutationVariables = Exact<{ [key: string]: never; }>;


export type LogoutMutation = { logout: { endedSessions: number | null, errors: Array<{ code: ErrorCode, message: string, field: Array<string> | null }> } };

export type LogoutEverywhereMutationVariables = Exact<{
  input?: LogoutEverywhereInput | null | undefined;
}>;


export type LogoutEverywhereMutation = { logoutEverywhere: { endedSessions: number | null, errors: Array<{ code: ErrorCode, message: string, field: Array<string> | null }> } };

export type MeQueryVariables = Exact<{ [key: string]: never; }>;


export type MeQuery = { me: { id: string, name: string, email: string | null, roles: Array<Role> | null, permissions: Array<Permission> | null } };

export type OpenBranchMutationVariables = Exact<{
  input: OpenBranchInput;
}>;


export type OpenBranchMutation = { openBranch: { branch: { id: string, code: string, name: string, active: boolean, createdAt: string } | null, errors: Array<{ code: ErrorCode, message: string, field: Array<string> | null }> } };

export type ReactivateUserMutationVariables = Exact<{
  input: ReactivateUserInput;
}>;


export type ReactivateUserMutation = { reactivateUser: { user: { id: string, name: string, email: string | null, roles: Array<Role> | null, active: boolean | null } | null, errors: Array<{ code: ErrorCode, message: string, field: Array<string> | null }> } };

export type RefreshTokenMutationVariables = Exact<{
  input: RefreshTokenInput;
}>;


export type RefreshTokenMutation = { refreshToken: { accessToken: string | null, refreshToken: string | null, expiresAt: string | null, user: { id: string, name: string, roles: Array<Role> | null, permissions: Array<Permission> | null } | null, errors: Array<{ code: ErrorCode, message: string, field: Array<string> | null, retryAfterSeconds: number | null }> } };

export type RegisterUserMutationVariables = Exact<{
  input: RegisterUserInput;
}>;


export type RegisterUserMutation = { registerUser: { user: { id: string, name: string, email: string | null, roles: Array<Role> | null, active: boolean | null } | null, errors: Array<{ code: ErrorCode, message: string, field: Array<string> | null }> } };

export type RenameBranchMutationVariables = Exact<{
  input: RenameBranchInput;
}>;


export type RenameBranchMutation = { renameBranch: { branch: { id: string, code: string, name: string, active: boolean, createdAt: string } | null, errors: Array<{ code: ErrorCode, message: string, field: Array<string> | null }> } };

export type ReopenBranchMutationVariables = Exact<{
  input: ReopenBranchInput;
}>;


export type ReopenBranchMutation = { reopenBranch: { branch: { id: string, code: string, name: string, active: boolean, createdAt: string } | null, errors: Array<{ code: ErrorCode, message: string, field: Array<string> | null }> } };

export type RevokeApiKeyMutationVariables = Exact<{
  input: RevokeApiKeyInput;
}>;


export type RevokeApiKeyMutation = { revokeApiKey: { apiKey: { id: string, live: boolean, revokedAt: string | null } | null, errors: Array<{ code: ErrorCode, message: string, field: Array<string> | null }> } };

export type RotateApiKeyMutationVariables = Exact<{
  input: RotateApiKeyInput;
}>;


export type RotateApiKeyMutation = { rotateApiKey: { key: string | null, replayed: boolean, apiKey: { id: string, name: string, prefix: string, live: boolean, expiresAt: string, rotatedAt: string | null, previousPrefix: string | null, previousUntil: string | null } | null, errors: Array<{ code: ErrorCode, message: string, field: Array<string> | null }> } };

export type SessionsQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type SessionsQuery = { sessions: { nodes: Array<{ id: string, device: string | null, address: string | null, current: boolean, createdAt: string, lastUsedAt: string, expiresAt: string }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type SetPhoneMutationVariables = Exact<{
  input: SetPhoneInput;
}>;


export type SetPhoneMutation = { setPhone: { user: { id: string, phone: string | null } | null, errors: Array<{ code: ErrorCode, message: string, field: Array<string> | null }> } };

export type UpdateApiKeyMutationVariables = Exact<{
  input: UpdateApiKeyInput;
}>;


export type UpdateApiKeyMutation = { updateApiKey: { apiKey: { id: string, name: string, scopes: Array<Permission>, live: boolean, expiresAt: string, pointsPerMinute: number | null, maxSockets: number | null, allowedNetworks: Array<string> } | null, errors: Array<{ code: ErrorCode, message: string, field: Array<string> | null }> } };

export type UserQueryVariables = Exact<{
  id: string | number;
}>;


export type UserQuery = { user: { id: string, name: string, email: string | null, roles: Array<Role> | null, active: boolean | null, createdAt: string | null, permissions: Array<Permission> | null } | null };

export type UsersQueryVariables = Exact<{
  filter?: UserFilter | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type UsersQuery = { users: { totalCount: number, nodes: Array<{ id: string, name: string, email: string | null, roles: Array<Role> | null, active: boolean | null, createdAt: string | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type AuctionClosedSubscriptionVariables = Exact<{
  invoiceId?: string | number | null | undefined;
  after?: string | null | undefined;
}>;


export type AuctionClosedSubscription = { auctionClosed:
    | { __typename: 'AuctionClosed', cursor: string, occurredAt: string, winningRate: string | null, bidCount: number, invoice: { id: string, number: string, status: InvoiceStatus, fundedPercent: string, fundedAmount: { amount: string, formatted: string }, remainingAmount: { amount: string, formatted: string } } }
    | { __typename: 'CaughtUp', cursor: string }
    | { __typename: 'Ready', cursor: string, recovered: boolean }
    | { __typename: 'ResyncRequired', cursor: string, reason: ResyncReason }
   };

export type BidPlacedSubscriptionVariables = Exact<{
  invoiceId?: string | number | null | undefined;
  after?: string | null | undefined;
}>;


export type BidPlacedSubscription = { bidPlaced:
    | { __typename: 'BidPlaced', cursor: string, occurredAt: string, rate: string, bestRate: string | null, bidCount: number, invoice: { id: string, number: string } }
    | { __typename: 'BidWithdrawn', cursor: string, occurredAt: string, bestRate: string | null, bidCount: number, invoice: { id: string, number: string } }
    | { __typename: 'CaughtUp', cursor: string }
    | { __typename: 'Ready', cursor: string, recovered: boolean }
    | { __typename: 'ResyncRequired', cursor: string, reason: ResyncReason }
   };

export type BidsQueryVariables = Exact<{
  invoiceId: string | number;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type BidsQuery = { bids: { nodes: Array<{ id: string, rate: string, state: BidState, placedAt: string, mine: boolean, bidderName: string | null, amount: { formatted: string } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type CloseAuctionMutationVariables = Exact<{
  input: InvoiceActInput;
}>;


export type CloseAuctionMutation = { closeAuction: { replayed: boolean, winner: { id: string, rate: string, bidderName: string | null, amount: { formatted: string } } | null, invoice: { id: string, number: string, status: InvoiceStatus, fundedPercent: string, fundedAmount: { amount: string, formatted: string }, remainingAmount: { amount: string, formatted: string } } | null, errors: Array<{ code: ErrorCode, message: string, field: Array<string> | null }> } };

export type CloseFundingMutationVariables = Exact<{
  input: InvoiceActInput;
}>;


export type CloseFundingMutation = { closeFunding: { replayed: boolean, invoice: { id: string, number: string, status: InvoiceStatus, fundedPercent: string, fundedAmount: { amount: string, formatted: string }, remainingAmount: { amount: string, formatted: string } } | null, errors: Array<{ code: ErrorCode, message: string, field: Array<string> | null }> } };

export type CloseRecoveryMutationVariables = Exact<{
  input: InvoiceActInput;
}>;


export type CloseRecoveryMutation = { closeRecovery: { replayed: boolean, invoice: { id: string, number: string, status: InvoiceStatus, fundedPercent: string, fundedAmount: { amount: string, formatted: string }, remainingAmount: { amount: string, formatted: string } } | null, errors: Array<{ code: ErrorCode, message: string, field: Array<string> | null }> } };

export type CreateInvoiceMutationVariables = Exact<{
  input: CreateInvoiceInput;
}>;


export type CreateInvoiceMutation = { createInvoice: { replayed: boolean, message: string | null, invoice: { id: string, number: string, status: InvoiceStatus, expectedYield: string, dueOn: string, fundingDeadlineAt: string, faceValue: { amount: string, formatted: string }, requestedAmount: { amount: string, formatted: string }, reserveAmount: { amount: string, formatted: string }, minInvestment: { amount: string, formatted: string }, expectedFee: { amount: string, formatted: string } } | null, errors: Array<{ code: ErrorCode, message: string, field: Array<string> | null }> } };

export type FundInvoiceMutationVariables = Exact<{
  input: FundInvoiceInput;
}>;


export type FundInvoiceMutation = { fundInvoice: { replayed: boolean, clipped: boolean | null, amount: { amount: string, formatted: string } | null, investment: { id: string, state: InvestmentState, madeAt: string } | null, invoice: { id: string, number: string, status: InvoiceStatus, fundedPercent: string, fundedAmount: { amount: string, formatted: string }, remainingAmount: { amount: string, formatted: string } } | null, wallet: { id: string, balance: { amount: string, formatted: string }, available: { amount: string, formatted: string } } | null, errors: Array<{ code: ErrorCode, message: string, field: Array<string> | null }> } };

export type InvestmentReleasedSubscriptionVariables = Exact<{
  after?: string | null | undefined;
}>;


export type InvestmentReleasedSubscription = { investmentReleased:
    | { __typename: 'CaughtUp', cursor: string }
    | { __typename: 'InvestmentReleased', cursor: string, occurredAt: string, investmentId: string, amount: { amount: string, formatted: string }, invoice: { id: string, number: string, status: InvoiceStatus, fundedPercent: string, fundedAmount: { amount: string, formatted: string }, remainingAmount: { amount: string, formatted: string } } }
    | { __typename: 'Ready', cursor: string, recovered: boolean }
    | { __typename: 'ResyncRequired', cursor: string, reason: ResyncReason }
   };

export type InvestmentSuccessSubscriptionVariables = Exact<{
  after?: string | null | undefined;
}>;


export type InvestmentSuccessSubscription = { investmentSuccess:
    | { __typename: 'CaughtUp', cursor: string }
    | { __typename: 'InvestmentSuccess', cursor: string, occurredAt: string, investmentId: string, state: InvestmentState, madeAt: string, amount: { amount: string, formatted: string }, invoice: { id: string, number: string, status: InvoiceStatus, fundedPercent: string, fundedAmount: { amount: string, formatted: string }, remainingAmount: { amount: string, formatted: string } } }
    | { __typename: 'Ready', cursor: string, recovered: boolean }
    | { __typename: 'ResyncRequired', cursor: string, reason: ResyncReason }
   };

export type InvestmentsQueryVariables = Exact<{
  invoiceId?: string | number | null | undefined;
  states?: Array<InvestmentState> | InvestmentState | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type InvestmentsQuery = { investments: { nodes: Array<{ id: string, state: InvestmentState, madeAt: string, amount: { amount: string, formatted: string }, paidAmount: { amount: string, formatted: string }, invoice: { id: string, number: string, sellerName: string, debtorName: string, status: InvoiceStatus, dueOn: string } | null, payouts: Array<{ paidAt: string, amount: { formatted: string } }> }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type InvestorAnalyticsQueryVariables = Exact<{
  currency?: string | null | undefined;
}>;


export type InvestorAnalyticsQuery = { investorAnalytics: { currency: string, averageExpectedYield: string | null, realisedReturn: string | null, defaultRate: string | null, invested: { amount: string, formatted: string }, received: { amount: string, formatted: string }, atWork: { amount: string, formatted: string }, realisedProfit: { amount: string, formatted: string }, lost: { amount: string, formatted: string }, byIndustry: Array<{ industry: Industry | null, investments: number, share: string, invested: { amount: string, formatted: string } }>, byStatus: Array<{ status: InvoiceStatus | null, investments: number, share: string, invested: { amount: string, formatted: string } }>, byMonth: Array<{ month: string, invested: { amount: string, formatted: string }, received: { amount: string, formatted: string } }> } };

export type InvoiceQueryVariables = Exact<{
  id: string | number;
}>;


export type InvoiceQuery = { asOf: string, invoice: { id: string, number: string, sellerId: string, sellerName: string, debtorName: string, viewerParty: Party, industry: Industry, description: string, currency: string, status: InvoiceStatus, openForFunding: boolean, advanceRate: string, fundedPercent: string, expectedYield: string, recourse: boolean, saleMethod: SaleMethod, fundingMode: FundingMode, issuedOn: string, dueOn: string, graceDays: number, tenorDays: number, fundingDeadlineAt: string, listedAt: string | null, fundedAt: string | null, endedAt: string | null, faceValue: { amount: string, formatted: string }, requestedAmount: { amount: string, formatted: string }, fundedAmount: { amount: string, formatted: string }, remainingAmount: { amount: string, currency: string, formatted: string }, reserveAmount: { amount: string, formatted: string }, minInvestment: { amount: string, formatted: string }, fee: { method: FeeMethod, rate: string, tiers: Array<{ upToDays: number, rate: string }> }, expectedFee: { amount: string, formatted: string }, expectedRebate: { amount: string, formatted: string }, expectedReturn: { amount: string, formatted: string }, repaidAmount: { amount: string, formatted: string }, outstandingAmount: { amount: string, currency: string, formatted: string }, investorsPaidAmount: { amount: string, formatted: string }, rebateAmount: { amount: string, formatted: string }, lossAmount: { amount: string, formatted: string }, investments: Array<{ id: string, state: InvestmentState, madeAt: string, amount: { formatted: string }, paidAmount: { formatted: string }, investor: { id: string, name: string } | null }>, auction: { endsAt: string, maxRate: string, bestRate: string | null, bidCount: number, winningRate: string | null } | null, bids: Array<{ id: string, rate: string, state: BidState, placedAt: string, mine: boolean, bidderName: string | null }>, payments: Array<{ id: string, source: PaymentSource, receivedOn: string, amount: { formatted: string }, toInvestors: { formatted: string }, toSeller: { formatted: string } }>, riskScore: { score: number, grade: RiskGrade, factors: Array<{ rule: RiskRule, points: number, sentence: string }> } | null } | null };

export type InvoiceDefaultedSubscriptionVariables = Exact<{
  invoiceId?: string | number | null | undefined;
  after?: string | null | undefined;
}>;


export type InvoiceDefaultedSubscription = { invoiceDefaulted:
    | { __typename: 'CaughtUp', cursor: string }
    | { __typename: 'InvoiceDefaulted', cursor: string, occurredAt: string, outstanding: { amount: string, formatted: string }, atRisk: { amount: string, formatted: string }, invoice: { id: string, number: string, status: InvoiceStatus, fundedPercent: string, fundedAmount: { amount: string, formatted: string }, remainingAmount: { amount: string, formatted: string } } }
    | { __typename: 'Ready', cursor: string, recovered: boolean }
    | { __typename: 'ResyncRequired', cursor: string, reason: ResyncReason }
   };

export type InvoiceFundedSubscriptionVariables = Exact<{
  invoiceId?: string | number | null | undefined;
  after?: string | null | undefined;
}>;


export type InvoiceFundedSubscription = { invoiceFunded:
    | { __typename: 'CaughtUp', cursor: string }
    | { __typename: 'InvoiceFunded', cursor: string, occurredAt: string, investmentId: string, investorName: string, fullyFunded: boolean, paidOut: boolean, amount: { amount: string, formatted: string }, invoice: { id: string, number: string, status: InvoiceStatus, fundedPercent: string, fundedAmount: { amount: string, formatted: string }, remainingAmount: { amount: string, formatted: string } } }
    | { __typename: 'Ready', cursor: string, recovered: boolean }
    | { __typename: 'ResyncRequired', cursor: string, reason: ResyncReason }
   };

export type InvoiceMessageSentSubscriptionVariables = Exact<{
  invoiceId?: string | number | null | undefined;
  after?: string | null | undefined;
}>;


export type InvoiceMessageSentSubscription = { invoiceMessageSent:
    | { __typename: 'CaughtUp', cursor: string }
    | { __typename: 'InvoiceMessageSent', cursor: string, occurredAt: string, messageId: string, authorParty: Party, authorLabel: string, body: string, sentAt: string, invoice: { id: string, number: string } }
    | { __typename: 'Ready', cursor: string, recovered: boolean }
    | { __typename: 'ResyncRequired', cursor: string, reason: ResyncReason }
   };

export type InvoiceMessagesQueryVariables = Exact<{
  invoiceId: string | number;
  last?: number | null | undefined;
  before?: string | null | undefined;
}>;


export type InvoiceMessagesQuery = { asOf: string, invoiceMessages: { nodes: Array<{ id: string, authorParty: Party, authorLabel: string, body: string, sentAt: string, mine: boolean }>, pageInfo: { hasPreviousPage: boolean, startCursor: string | null } } };

export type InvoiceOverdueSubscriptionVariables = Exact<{
  invoiceId?: string | number | null | undefined;
  after?: string | null | undefined;
}>;


export type InvoiceOverdueSubscription = { invoiceOverdue:
    | { __typename: 'CaughtUp', cursor: string }
    | { __typename: 'InvoiceOverdue', cursor: string, occurredAt: string, graceEndsOn: string, outstanding: { amount: string, formatted: string }, invoice: { id: string, number: string, status: InvoiceStatus, fundedPercent: string, fundedAmount: { amount: string, formatted: string }, remainingAmount: { amount: string, formatted: string } } }
    | { __typename: 'Ready', cursor: string, recovered: boolean }
    | { __typename: 'ResyncRequired', cursor: string, reason: ResyncReason }
   };

export type InvoiceRecoveredSubscriptionVariables = Exact<{
  invoiceId?: string | number | null | undefined;
  after?: string | null | undefined;
}>;


export type InvoiceRecoveredSubscription = { invoiceRecovered:
    | { __typename: 'CaughtUp', cursor: string }
    | { __typename: 'InvoiceRecovered', cursor: string, occurredAt: string, recoveredAmount: { amount: string, formatted: string }, loss: { amount: string, formatted: string }, invoice: { id: string, number: string, status: InvoiceStatus, fundedPercent: string, fundedAmount: { amount: string, formatted: string }, remainingAmount: { amount: string, formatted: string } } }
    | { __typename: 'Ready', cursor: string, recovered: boolean }
    | { __typename: 'ResyncRequired', cursor: string, reason: ResyncReason }
   };

export type InvoiceRepaidSubscriptionVariables = Exact<{
  invoiceId?: string | number | null | undefined;
  after?: string | null | undefined;
}>;


export type InvoiceRepaidSubscription = { invoiceRepaid:
    | { __typename: 'CaughtUp', cursor: string }
    | { __typename: 'InvoiceRepaid', cursor: string, occurredAt: string, paymentId: string, receivedOn: string, amount: { amount: string, formatted: string }, toInvestors: { amount: string, formatted: string }, toSeller: { amount: string, formatted: string }, invoice: { id: string, number: string, status: InvoiceStatus, fundedPercent: string, fundedAmount: { amount: string, formatted: string }, remainingAmount: { amount: string, formatted: string } } }
    | { __typename: 'Ready', cursor: string, recovered: boolean }
    | { __typename: 'ResyncRequired', cursor: string, reason: ResyncReason }
   };

export type InvoiceUpdatedSubscriptionVariables = Exact<{
  invoiceId?: string | number | null | undefined;
  after?: string | null | undefined;
}>;


export type InvoiceUpdatedSubscription = { invoiceUpdated:
    | { __typename: 'CaughtUp', cursor: string }
    | { __typename: 'InvoiceUpdated', cursor: string, occurredAt: string, change: InvoiceChange, previousStatus: InvoiceStatus, invoice: { id: string, number: string, status: InvoiceStatus, fundedPercent: string, fundedAmount: { amount: string, formatted: string }, remainingAmount: { amount: string, formatted: string } } }
    | { __typename: 'Ready', cursor: string, recovered: boolean }
    | { __typename: 'ResyncRequired', cursor: string, reason: ResyncReason }
   };

export type InvoicesQueryVariables = Exact<{
  statuses?: Array<InvoiceStatus> | InvoiceStatus | null | undefined;
  party?: Party | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type InvoicesQuery = { invoices: { nodes: Array<{ id: string, number: string, sellerName: string, debtorName: string, status: InvoiceStatus, fundedPercent: string, dueOn: string, createdAt: string, faceValue: { amount: string, formatted: string }, fundedAmount: { amount: string, formatted: string }, remainingAmount: { amount: string, formatted: string }, outstandingAmount: { amount: string, currency: string, formatted: string } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type ListInvoiceMutationVariables = Exact<{
  input: InvoiceActInput;
}>;


export type ListInvoiceMutation = { listInvoice: { replayed: boolean, invoice: { id: string, number: string, status: InvoiceStatus, fundedPercent: string, fundedAmount: { amount: string, formatted: string }, remainingAmount: { amount: string, formatted: string } } | null, errors: Array<{ code: ErrorCode, message: string, field: Array<string> | null }> } };

export type MarketplaceQueryVariables = Exact<{
  filter?: MarketplaceFilter | null | undefined;
  sort?: MarketSort | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type MarketplaceQuery = { asOf: string, marketplaceInvoices: { nodes: Array<{ id: string, number: string, sellerName: string, debtorName: string, industry: Industry, status: InvoiceStatus, fundedPercent: string, expectedYield: string, saleMethod: SaleMethod, fundingMode: FundingMode, recourse: boolean, dueOn: string, tenorDays: number, fundingDeadlineAt: string, faceValue: { amount: string, formatted: string }, requestedAmount: { amount: string, formatted: string }, fundedAmount: { amount: string, formatted: string }, remainingAmount: { amount: string, currency: string, formatted: string }, minInvestment: { amount: string, formatted: string }, fee: { method: FeeMethod, rate: string, tiers: Array<{ upToDays: number, rate: string }> }, auction: { endsAt: string, maxRate: string, bestRate: string | null, bidCount: number } | null, riskScore: { score: number, grade: RiskGrade } | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type MarketplaceUpdatedSubscriptionVariables = Exact<{
  after?: string | null | undefined;
}>;


export type MarketplaceUpdatedSubscription = { marketplaceUpdated:
    | { __typename: 'CaughtUp', cursor: string }
    | { __typename: 'MarketplaceUpdated', cursor: string, action: MarketChange, invoice: { id: string, number: string, sellerName: string, debtorName: string, industry: Industry, status: InvoiceStatus, fundedPercent: string, expectedYield: string, dueOn: string, fundingDeadlineAt: string, faceValue: { amount: string, formatted: string }, requestedAmount: { amount: string, formatted: string }, fundedAmount: { amount: string, formatted: string }, remainingAmount: { amount: string, formatted: string }, minInvestment: { amount: string, formatted: string } } }
    | { __typename: 'Ready', cursor: string, recovered: boolean }
    | { __typename: 'ResyncRequired', cursor: string, reason: ResyncReason }
   };

export type NewInvoiceListedSubscriptionVariables = Exact<{
  after?: string | null | undefined;
}>;


export type NewInvoiceListedSubscription = { newInvoiceListed:
    | { __typename: 'CaughtUp', cursor: string }
    | { __typename: 'NewInvoiceListed', cursor: string, occurredAt: string, invoice: { id: string, number: string, sellerName: string, debtorName: string, industry: Industry, expectedYield: string, dueOn: string, fundingDeadlineAt: string, faceValue: { amount: string, formatted: string }, requestedAmount: { amount: string, formatted: string }, minInvestment: { amount: string, formatted: string } } }
    | { __typename: 'Ready', cursor: string, recovered: boolean }
    | { __typename: 'ResyncRequired', cursor: string, reason: ResyncReason }
   };

export type PayoutMadeSubscriptionVariables = Exact<{
  after?: string | null | undefined;
}>;


export type PayoutMadeSubscription = { payoutMade:
    | { __typename: 'CaughtUp', cursor: string }
    | { __typename: 'PayoutMade', cursor: string, occurredAt: string, investmentId: string, amount: { amount: string, formatted: string }, invested: { amount: string, formatted: string }, paidInAll: { amount: string, formatted: string }, invoice: { id: string, number: string, status: InvoiceStatus, fundedPercent: string, fundedAmount: { amount: string, formatted: string }, remainingAmount: { amount: string, formatted: string } } }
    | { __typename: 'Ready', cursor: string, recovered: boolean }
    | { __typename: 'ResyncRequired', cursor: string, reason: ResyncReason }
   };

export type PlaceBidMutationVariables = Exact<{
  input: PlaceBidInput;
}>;


export type PlaceBidMutation = { placeBid: { replayed: boolean, bid: { id: string, rate: string, state: BidState, placedAt: string, amount: { formatted: string } } | null, invoice: { id: string, number: string, auction: { endsAt: string, maxRate: string, bestRate: string | null, bidCount: number } | null } | null, errors: Array<{ code: ErrorCode, message: string, field: Array<string> | null }> } };

export type PortfolioQueryVariables = Exact<{
  currency?: string | null | undefined;
}>;


export type PortfolioQuery = { asOf: string, portfolio: { userId: string, currency: string, openPositions: number, endedPositions: number, invested: { amount: string, formatted: string }, held: { amount: string, formatted: string }, received: { amount: string, formatted: string }, realisedProfit: { amount: string, formatted: string }, expectedReturn: { amount: string, formatted: string }, positions: Array<{ invoice: { id: string, number: string, sellerName: string, debtorName: string, status: InvoiceStatus, fundedPercent: string, dueOn: string }, invested: { amount: string, formatted: string }, held: { amount: string, formatted: string }, paid: { amount: string, formatted: string }, expectedReturn: { amount: string, formatted: string } }> } };

export type PortfolioUpdatedSubscriptionVariables = Exact<{
  currency?: string | null | undefined;
  after?: string | null | undefined;
}>;


export type PortfolioUpdatedSubscription = { portfolioUpdated:
    | { __typename: 'CaughtUp', cursor: string }
    | { __typename: 'PortfolioState', cursor: string, state: { userId: string, currency: string, openPositions: number, endedPositions: number, invested: { amount: string, formatted: string }, held: { amount: string, formatted: string }, received: { amount: string, formatted: string }, realisedProfit: { amount: string, formatted: string }, expectedReturn: { amount: string, formatted: string }, positions: Array<{ invoice: { id: string, number: string, sellerName: string, debtorName: string, status: InvoiceStatus, fundedPercent: string, dueOn: string }, invested: { amount: string, formatted: string }, held: { amount: string, formatted: string }, paid: { amount: string, formatted: string }, expectedReturn: { amount: string, formatted: string } }> } }
    | { __typename: 'Ready', cursor: string, recovered: boolean }
    | { __typename: 'ResyncRequired', cursor: string, reason: ResyncReason }
   };

export type RecordInvoicePaymentMutationVariables = Exact<{
  input: RecordInvoicePaymentInput;
}>;


export type RecordInvoicePaymentMutation = { recordInvoicePayment: { replayed: boolean, invoices: Array<{ id: string, number: string, status: InvoiceStatus, repaidAmount: { amount: string, formatted: string }, outstandingAmount: { amount: string, formatted: string }, rebateAmount: { amount: string, formatted: string } }> | null, payments: Array<{ id: string, receivedOn: string, amount: { amount: string, formatted: string }, toPlatform: { amount: string, formatted: string }, toInvestors: { amount: string, formatted: string }, toSeller: { amount: string, formatted: string } }> | null, errors: Array<{ code: ErrorCode, message: string, field: Array<string> | null }> } };

export type RiskScoreQueryVariables = Exact<{
  invoiceId: string | number;
}>;


export type RiskScoreQuery = { riskScore: { invoiceId: string, score: number, grade: RiskGrade, factors: Array<{ rule: RiskRule, points: number, sentence: string }> } | null };

export type SendInvoiceMessageMutationVariables = Exact<{
  input: SendInvoiceMessageInput;
}>;


export type SendInvoiceMessageMutation = { sendInvoiceMessage: { replayed: boolean, message: { id: string, authorParty: Party, authorLabel: string, body: string, sentAt: string } | null, errors: Array<{ code: ErrorCode, message: string, field: Array<string> | null }> } };

export type SettleInvoiceMutationVariables = Exact<{
  input: SettleInvoiceInput;
}>;


export type SettleInvoiceMutation = { settleInvoice: { replayed: boolean, invoices: Array<{ id: string, number: string, status: InvoiceStatus, repaidAmount: { amount: string, formatted: string }, outstandingAmount: { amount: string, formatted: string }, rebateAmount: { amount: string, formatted: string } }> | null, payments: Array<{ id: string, receivedOn: string, amount: { amount: string, formatted: string }, toPlatform: { amount: string, formatted: string }, toInvestors: { amount: string, formatted: string }, toSeller: { amount: string, formatted: string } }> | null, errors: Array<{ code: ErrorCode, message: string, field: Array<string> | null }> } };

export type SettleInvoicesMutationVariables = Exact<{
  input: SettleInvoicesInput;
}>;


export type SettleInvoicesMutation = { settleInvoices: { replayed: boolean, invoices: Array<{ id: string, number: string, status: InvoiceStatus, repaidAmount: { amount: string, formatted: string }, outstandingAmount: { amount: string, formatted: string }, rebateAmount: { amount: string, formatted: string } }> | null, payments: Array<{ id: string, receivedOn: string, amount: { amount: string, formatted: string }, toPlatform: { amount: string, formatted: string }, toInvestors: { amount: string, formatted: string }, toSeller: { amount: string, formatted: string } }> | null, errors: Array<{ code: ErrorCode, message: string, field: Array<string> | null }> } };

export type UpdateInvoiceMutationVariables = Exact<{
  input: UpdateInvoiceInput;
}>;


export type UpdateInvoiceMutation = { updateInvoice: { invoice: { id: string, number: string, status: InvoiceStatus, dueOn: string, fundingDeadlineAt: string, updatedAt: string, faceValue: { amount: string, formatted: string }, requestedAmount: { amount: string, formatted: string }, minInvestment: { amount: string, formatted: string }, expectedFee: { amount: string, formatted: string } } | null, errors: Array<{ code: ErrorCode, message: string, field: Array<string> | null }> } };

export type UserDashboardQueryVariables = Exact<{
  currency?: string | null | undefined;
}>;


export type UserDashboardQuery = { asOf: string, userDashboard: { userId: string, currency: string, walletBalance: { amount: string, formatted: string }, walletHeld: { amount: string, formatted: string }, walletAvailable: { amount: string, formatted: string }, stats: { draftInvoices: number, openInvoices: number, outstandingInvoices: number, overdueInvoices: number, settledInvoices: number, activeInvestments: number, invoicesToPay: number, raised: { amount: string, formatted: string }, invested: { amount: string, formatted: string }, heldForInvestments: { amount: string, formatted: string }, receivedFromInvestments: { amount: string, formatted: string }, amountToPay: { amount: string, formatted: string } } } };

export type UserDashboardUpdatedSubscriptionVariables = Exact<{
  currency?: string | null | undefined;
  after?: string | null | undefined;
}>;


export type UserDashboardUpdatedSubscription = { userDashboardUpdated:
    | { __typename: 'CaughtUp', cursor: string }
    | { __typename: 'Ready', cursor: string, recovered: boolean }
    | { __typename: 'ResyncRequired', cursor: string, reason: ResyncReason }
    | { __typename: 'UserDashboardState', cursor: string, state: { userId: string, currency: string, walletBalance: { amount: string, formatted: string }, walletHeld: { amount: string, formatted: string }, walletAvailable: { amount: string, formatted: string }, stats: { draftInvoices: number, openInvoices: number, outstandingInvoices: number, overdueInvoices: number, settledInvoices: number, activeInvestments: number, invoicesToPay: number, raised: { amount: string, formatted: string }, invested: { amount: string, formatted: string }, heldForInvestments: { amount: string, formatted: string }, receivedFromInvestments: { amount: string, formatted: string }, amountToPay: { amount: string, formatted: string } } } }
   };

export type WithdrawBidMutationVariables = Exact<{
  input: InvoiceActInput;
}>;


export type WithdrawBidMutation = { withdrawBid: { replayed: boolean, bid: { id: string, rate: string, state: BidState, endedAt: string | null } | null, errors: Array<{ code: ErrorCode, message: string, field: Array<string> | null }> } };

export type WithdrawInvoiceMutationVariables = Exact<{
  input: InvoiceActInput;
}>;


export type WithdrawInvoiceMutation = { withdrawInvoice: { replayed: boolean, invoice: { id: string, number: string, status: InvoiceStatus, fundedPercent: string, fundedAmount: { amount: string, formatted: string }, remainingAmount: { amount: string, formatted: string } } | null, errors: Array<{ code: ErrorCode, message: string, field: Array<string> | null }> } };

export type TransferFundsMutationVariables = Exact<{
  input: TransferFundsInput;
}>;


export type TransferFundsMutation = { transferFunds: { replayed: boolean, amount: { amount: string, formatted: string } | null, wallet: { id: string, balance: { amount: string, formatted: string }, available: { amount: string, formatted: string } } | null, transaction: { id: string, type: TransactionType, description: string, timestamp: string, amount: { amount: string, formatted: string } } | null, errors: Array<{ code: ErrorCode, message: string, field: Array<string> | null }> } };

export type WalletQueryVariables = Exact<{
  currency?: string | null | undefined;
}>;


export type WalletQuery = { asOf: string, wallet: { id: string, currency: string, balance: { amount: string, formatted: string }, held: { amount: string, formatted: string }, available: { amount: string, formatted: string } } | null, walletTransactions: { nodes: Array<{ id: string, type: TransactionType, description: string, invoiceId: string | null, timestamp: string, amount: { amount: string, formatted: string }, balanceAfter: { amount: string, formatted: string } }> } };

export type WalletBalanceChangedSubscriptionVariables = Exact<{
  walletId?: string | number | null | undefined;
  after?: string | null | undefined;
}>;


export type WalletBalanceChangedSubscription = { walletBalanceChanged:
    | { __typename: 'CaughtUp', cursor: string }
    | { __typename: 'Ready', cursor: string, recovered: boolean }
    | { __typename: 'ResyncRequired', cursor: string, reason: ResyncReason }
    | { __typename: 'WalletBalanceChanged', cursor: string, occurredAt: string, walletId: string, kind: string, description: string, invoiceId: string | null, change: { amount: string, formatted: string }, balance: { amount: string, formatted: string }, held: { amount: string, formatted: string }, available: { amount: string, formatted: string } }
   };

export type WalletTransactionsQueryVariables = Exact<{
  walletId?: string | number | null | undefined;
  type?: TransactionType | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type WalletTransactionsQuery = { walletTransactions: { nodes: Array<{ id: string, walletId: string, entryId: string, type: TransactionType, kind: string, description: string, invoiceId: string | null, timestamp: string, amount: { amount: string, currency: string, formatted: string }, balanceAfter: { amount: string, currency: string, formatted: string } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type WalletsQueryVariables = Exact<{ [key: string]: never; }>;


export type WalletsQuery = { wallets: Array<{ id: string, userId: string, currency: string, openedAt: string, balance: { amount: string, currency: string, formatted: string }, held: { amount: string, currency: string, formatted: string }, available: { amount: string, currency: string, formatted: string } }> };


export const ConsumerBalanceDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ConsumerBalance"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"wallet"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"available"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"currency"}}]}}]}}]}}]} as unknown as DocumentNode<ConsumerBalanceQuery, ConsumerBalanceQueryVariables>;
export const ApiKeysDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ApiKeys"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}},"defaultValue":{"kind":"IntValue","value":"20"}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Cursor"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"apiKeys"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"prefix"}},{"kind":"Field","name":{"kind":"Name","value":"scopes"}},{"kind":"Field","name":{"kind":"Name","value":"live"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"expiresAt"}},{"kind":"Field","name":{"kind":"Name","value":"lastUsedAt"}},{"kind":"Field","name":{"kind":"Name","value":"revokedAt"}},{"kind":"Field","name":{"kind":"Name","value":"rotatedAt"}},{"kind":"Field","name":{"kind":"Name","value":"previousPrefix"}},{"kind":"Field","name":{"kind":"Name","value":"previousUntil"}},{"kind":"Field","name":{"kind":"Name","value":"previousLastUsedAt"}},{"kind":"Field","name":{"kind":"Name","value":"pointsPerMinute"}},{"kind":"Field","name":{"kind":"Name","value":"maxSockets"}},{"kind":"Field","name":{"kind":"Name","value":"allowedNetworks"}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}}]}}]}}]} as unknown as DocumentNode<ApiKeysQuery, ApiKeysQueryVariables>;
export const AssignBranchDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"AssignBranch"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"AssignBranchInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"assignBranch"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"user"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"branch"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"errors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"field"}}]}}]}}]}}]} as unknown as DocumentNode<AssignBranchMutation, AssignBranchMutationVariables>;
export const BranchDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Branch"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"branch"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"active"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}}]}}]}}]} as unknown as DocumentNode<BranchQuery, BranchQueryVariables>;
export const BranchesDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Branches"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"active"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Boolean"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}},"defaultValue":{"kind":"IntValue","value":"20"}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Cursor"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"branches"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"active"},"value":{"kind":"Variable","name":{"kind":"Name","value":"active"}}},{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"active"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}}]}}]}}]} as unknown as DocumentNode<BranchesQuery, BranchesQueryVariables>;
export const ChangePasswordDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"ChangePassword"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ChangePasswordInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"changePassword"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"user"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"errors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"field"}}]}}]}}]}}]} as unknown as DocumentNode<ChangePasswordMutation, ChangePasswordMutationVariables>;
export const ChangeRolesDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"ChangeRoles"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ChangeRolesInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"changeRoles"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"user"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"email"}},{"kind":"Field","name":{"kind":"Name","value":"roles"}},{"kind":"Field","name":{"kind":"Name","value":"active"}}]}},{"kind":"Field","name":{"kind":"Name","value":"errors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"field"}}]}}]}}]}}]} as unknown as DocumentNode<ChangeRolesMutation, ChangeRolesMutationVariables>;
export const CloseBranchDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"CloseBranch"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"CloseBranchInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"closeBranch"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"branch"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"active"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}}]}},{"kind":"Field","name":{"kind":"Name","value":"errors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"field"}}]}}]}}]}}]} as unknown as DocumentNode<CloseBranchMutation, CloseBranchMutationVariables>;
export const CreateApiKeyDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"CreateApiKey"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"CreateApiKeyInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"createApiKey"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"key"}},{"kind":"Field","name":{"kind":"Name","value":"apiKey"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"prefix"}},{"kind":"Field","name":{"kind":"Name","value":"scopes"}},{"kind":"Field","name":{"kind":"Name","value":"expiresAt"}}]}},{"kind":"Field","name":{"kind":"Name","value":"errors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"field"}}]}}]}}]}}]} as unknown as DocumentNode<CreateApiKeyMutation, CreateApiKeyMutationVariables>;
export const CreateUserDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"CreateUser"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"CreateUserInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"createUser"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"user"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"email"}},{"kind":"Field","name":{"kind":"Name","value":"roles"}},{"kind":"Field","name":{"kind":"Name","value":"active"}},{"kind":"Field","name":{"kind":"Name","value":"branch"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"code"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"errors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"field"}}]}}]}}]}}]} as unknown as DocumentNode<CreateUserMutation, CreateUserMutationVariables>;
export const DeactivateUserDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"DeactivateUser"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"DeactivateUserInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"deactivateUser"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"user"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"email"}},{"kind":"Field","name":{"kind":"Name","value":"roles"}},{"kind":"Field","name":{"kind":"Name","value":"active"}}]}},{"kind":"Field","name":{"kind":"Name","value":"errors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"field"}}]}}]}}]}}]} as unknown as DocumentNode<DeactivateUserMutation, DeactivateUserMutationVariables>;
export const EndSessionDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"EndSession"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"EndSessionInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"endSession"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"endedSessions"}},{"kind":"Field","name":{"kind":"Name","value":"errors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"field"}}]}}]}}]}}]} as unknown as DocumentNode<EndSessionMutation, EndSessionMutationVariables>;
export const LoginDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"Login"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"LoginInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"login"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"accessToken"}},{"kind":"Field","name":{"kind":"Name","value":"refreshToken"}},{"kind":"Field","name":{"kind":"Name","value":"expiresAt"}},{"kind":"Field","name":{"kind":"Name","value":"user"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"roles"}},{"kind":"Field","name":{"kind":"Name","value":"permissions"}}]}},{"kind":"Field","name":{"kind":"Name","value":"errors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"field"}},{"kind":"Field","name":{"kind":"Name","value":"retryAfterSeconds"}}]}}]}}]}}]} as unknown as DocumentNode<LoginMutation, LoginMutationVariables>;
export const LogoutDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"Logout"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"logout"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"endedSessions"}},{"kind":"Field","name":{"kind":"Name","value":"errors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"field"}}]}}]}}]}}]} as unknown as DocumentNode<LogoutMutation, LogoutMutationVariables>;
export const LogoutEverywhereDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"LogoutEverywhere"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"LogoutEverywhereInput"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"logoutEverywhere"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"endedSessions"}},{"kind":"Field","name":{"kind":"Name","value":"errors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"field"}}]}}]}}]}}]} as unknown as DocumentNode<LogoutEverywhereMutation, LogoutEverywhereMutationVariables>;
export const MeDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Me"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"me"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"email"}},{"kind":"Field","name":{"kind":"Name","value":"roles"}},{"kind":"Field","name":{"kind":"Name","value":"permissions"}}]}}]}}]} as unknown as DocumentNode<MeQuery, MeQueryVariables>;
export const OpenBranchDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"OpenBranch"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"OpenBranchInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"openBranch"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"branch"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"active"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}}]}},{"kind":"Field","name":{"kind":"Name","value":"errors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"field"}}]}}]}}]}}]} as unknown as DocumentNode<OpenBranchMutation, OpenBranchMutationVariables>;
export const ReactivateUserDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"ReactivateUser"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ReactivateUserInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"reactivateUser"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"user"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"email"}},{"kind":"Field","name":{"kind":"Name","value":"roles"}},{"kind":"Field","name":{"kind":"Name","value":"active"}}]}},{"kind":"Field","name":{"kind":"Name","value":"errors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"field"}}]}}]}}]}}]} as unknown as DocumentNode<ReactivateUserMutation, ReactivateUserMutationVariables>;
export const RefreshTokenDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"RefreshToken"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"RefreshTokenInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"refreshToken"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"accessToken"}},{"kind":"Field","name":{"kind":"Name","value":"refreshToken"}},{"kind":"Field","name":{"kind":"Name","value":"expiresAt"}},{"kind":"Field","name":{"kind":"Name","value":"user"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"roles"}},{"kind":"Field","name":{"kind":"Name","value":"permissions"}}]}},{"kind":"Field","name":{"kind":"Name","value":"errors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"field"}},{"kind":"Field","name":{"kind":"Name","value":"retryAfterSeconds"}}]}}]}}]}}]} as unknown as DocumentNode<RefreshTokenMutation, RefreshTokenMutationVariables>;
export const RegisterUserDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"RegisterUser"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"RegisterUserInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"registerUser"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"user"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"email"}},{"kind":"Field","name":{"kind":"Name","value":"roles"}},{"kind":"Field","name":{"kind":"Name","value":"active"}}]}},{"kind":"Field","name":{"kind":"Name","value":"errors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"field"}}]}}]}}]}}]} as unknown as DocumentNode<RegisterUserMutation, RegisterUserMutationVariables>;
export const RenameBranchDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"RenameBranch"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"RenameBranchInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"renameBranch"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"branch"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"active"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}}]}},{"kind":"Field","name":{"kind":"Name","value":"errors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"field"}}]}}]}}]}}]} as unknown as DocumentNode<RenameBranchMutation, RenameBranchMutationVariables>;
export const ReopenBranchDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"ReopenBranch"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ReopenBranchInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"reopenBranch"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"branch"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"active"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}}]}},{"kind":"Field","name":{"kind":"Name","value":"errors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"field"}}]}}]}}]}}]} as unknown as DocumentNode<ReopenBranchMutation, ReopenBranchMutationVariables>;
export const RevokeApiKeyDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"RevokeApiKey"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"RevokeApiKeyInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"revokeApiKey"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"apiKey"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"live"}},{"kind":"Field","name":{"kind":"Name","value":"revokedAt"}}]}},{"kind":"Field","name":{"kind":"Name","value":"errors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"field"}}]}}]}}]}}]} as unknown as DocumentNode<RevokeApiKeyMutation, RevokeApiKeyMutationVariables>;
export const RotateApiKeyDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"RotateApiKey"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"RotateApiKeyInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"rotateApiKey"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"key"}},{"kind":"Field","name":{"kind":"Name","value":"replayed"}},{"kind":"Field","name":{"kind":"Name","value":"apiKey"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"prefix"}},{"kind":"Field","name":{"kind":"Name","value":"live"}},{"kind":"Field","name":{"kind":"Name","value":"expiresAt"}},{"kind":"Field","name":{"kind":"Name","value":"rotatedAt"}},{"kind":"Field","name":{"kind":"Name","value":"previousPrefix"}},{"kind":"Field","name":{"kind":"Name","value":"previousUntil"}}]}},{"kind":"Field","name":{"kind":"Name","value":"errors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"field"}}]}}]}}]}}]} as unknown as DocumentNode<RotateApiKeyMutation, RotateApiKeyMutationVariables>;
export const SessionsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Sessions"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}},"defaultValue":{"kind":"IntValue","value":"20"}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Cursor"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"sessions"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"device"}},{"kind":"Field","name":{"kind":"Name","value":"address"}},{"kind":"Field","name":{"kind":"Name","value":"current"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"lastUsedAt"}},{"kind":"Field","name":{"kind":"Name","value":"expiresAt"}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}}]}}]}}]} as unknown as DocumentNode<SessionsQuery, SessionsQueryVariables>;
export const SetPhoneDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"SetPhone"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"SetPhoneInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"setPhone"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"user"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"phone"}}]}},{"kind":"Field","name":{"kind":"Name","value":"errors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"field"}}]}}]}}]}}]} as unknown as DocumentNode<SetPhoneMutation, SetPhoneMutationVariables>;
export const UpdateApiKeyDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"UpdateApiKey"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"UpdateApiKeyInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"updateApiKey"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"apiKey"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"scopes"}},{"kind":"Field","name":{"kind":"Name","value":"live"}},{"kind":"Field","name":{"kind":"Name","value":"expiresAt"}},{"kind":"Field","name":{"kind":"Name","value":"pointsPerMinute"}},{"kind":"Field","name":{"kind":"Name","value":"maxSockets"}},{"kind":"Field","name":{"kind":"Name","value":"allowedNetworks"}}]}},{"kind":"Field","name":{"kind":"Name","value":"errors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"field"}}]}}]}}]}}]} as unknown as DocumentNode<UpdateApiKeyMutation, UpdateApiKeyMutationVariables>;
export const UserDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"User"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"user"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"email"}},{"kind":"Field","name":{"kind":"Name","value":"roles"}},{"kind":"Field","name":{"kind":"Name","value":"active"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"permissions"}}]}}]}}]} as unknown as DocumentNode<UserQuery, UserQueryVariables>;
export const UsersDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Users"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"filter"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"UserFilter"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}},"defaultValue":{"kind":"IntValue","value":"20"}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Cursor"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"users"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"Variable","name":{"kind":"Name","value":"filter"}}},{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"email"}},{"kind":"Field","name":{"kind":"Name","value":"roles"}},{"kind":"Field","name":{"kind":"Name","value":"active"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}},{"kind":"Field","name":{"kind":"Name","value":"totalCount"}}]}}]}}]} as unknown as DocumentNode<UsersQuery, UsersQueryVariables>;
export const AuctionClosedDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"AuctionClosed"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"invoiceId"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Cursor"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"auctionClosed"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"invoiceId"},"value":{"kind":"Variable","name":{"kind":"Name","value":"invoiceId"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"FeedItem"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cursor"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Ready"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"recovered"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ResyncRequired"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"reason"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"AuctionClosed"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"occurredAt"}},{"kind":"Field","name":{"kind":"Name","value":"winningRate"}},{"kind":"Field","name":{"kind":"Name","value":"bidCount"}},{"kind":"Field","name":{"kind":"Name","value":"invoice"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"number"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"fundedAmount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"remainingAmount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"fundedPercent"}}]}}]}}]}}]}}]} as unknown as DocumentNode<AuctionClosedSubscription, AuctionClosedSubscriptionVariables>;
export const BidPlacedDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"BidPlaced"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"invoiceId"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Cursor"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"bidPlaced"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"invoiceId"},"value":{"kind":"Variable","name":{"kind":"Name","value":"invoiceId"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"FeedItem"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cursor"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Ready"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"recovered"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ResyncRequired"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"reason"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"BidPlaced"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"occurredAt"}},{"kind":"Field","name":{"kind":"Name","value":"rate"}},{"kind":"Field","name":{"kind":"Name","value":"bestRate"}},{"kind":"Field","name":{"kind":"Name","value":"bidCount"}},{"kind":"Field","name":{"kind":"Name","value":"invoice"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"number"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"BidWithdrawn"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"occurredAt"}},{"kind":"Field","name":{"kind":"Name","value":"bestRate"}},{"kind":"Field","name":{"kind":"Name","value":"bidCount"}},{"kind":"Field","name":{"kind":"Name","value":"invoice"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"number"}}]}}]}}]}}]}}]} as unknown as DocumentNode<BidPlacedSubscription, BidPlacedSubscriptionVariables>;
export const BidsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Bids"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"invoiceId"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}},"defaultValue":{"kind":"IntValue","value":"20"}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Cursor"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"bids"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"invoiceId"},"value":{"kind":"Variable","name":{"kind":"Name","value":"invoiceId"}}},{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"rate"}},{"kind":"Field","name":{"kind":"Name","value":"amount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"placedAt"}},{"kind":"Field","name":{"kind":"Name","value":"mine"}},{"kind":"Field","name":{"kind":"Name","value":"bidderName"}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}}]}}]}}]} as unknown as DocumentNode<BidsQuery, BidsQueryVariables>;
export const CloseAuctionDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"CloseAuction"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"InvoiceActInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"closeAuction"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"replayed"}},{"kind":"Field","name":{"kind":"Name","value":"winner"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"rate"}},{"kind":"Field","name":{"kind":"Name","value":"bidderName"}},{"kind":"Field","name":{"kind":"Name","value":"amount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"invoice"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"number"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"fundedAmount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"remainingAmount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"fundedPercent"}}]}},{"kind":"Field","name":{"kind":"Name","value":"errors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"field"}}]}}]}}]}}]} as unknown as DocumentNode<CloseAuctionMutation, CloseAuctionMutationVariables>;
export const CloseFundingDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"CloseFunding"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"InvoiceActInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"closeFunding"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"replayed"}},{"kind":"Field","name":{"kind":"Name","value":"invoice"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"number"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"fundedAmount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"remainingAmount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"fundedPercent"}}]}},{"kind":"Field","name":{"kind":"Name","value":"errors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"field"}}]}}]}}]}}]} as unknown as DocumentNode<CloseFundingMutation, CloseFundingMutationVariables>;
export const CloseRecoveryDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"CloseRecovery"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"InvoiceActInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"closeRecovery"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"replayed"}},{"kind":"Field","name":{"kind":"Name","value":"invoice"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"number"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"fundedAmount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"remainingAmount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"fundedPercent"}}]}},{"kind":"Field","name":{"kind":"Name","value":"errors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"field"}}]}}]}}]}}]} as unknown as DocumentNode<CloseRecoveryMutation, CloseRecoveryMutationVariables>;
export const CreateInvoiceDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"CreateInvoice"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"CreateInvoiceInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"createInvoice"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"replayed"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"invoice"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"number"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"faceValue"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"requestedAmount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"reserveAmount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"minInvestment"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"expectedFee"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"expectedYield"}},{"kind":"Field","name":{"kind":"Name","value":"dueOn"}},{"kind":"Field","name":{"kind":"Name","value":"fundingDeadlineAt"}}]}},{"kind":"Field","name":{"kind":"Name","value":"errors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"field"}}]}}]}}]}}]} as unknown as DocumentNode<CreateInvoiceMutation, CreateInvoiceMutationVariables>;
export const FundInvoiceDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"FundInvoice"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"FundInvoiceInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"fundInvoice"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"replayed"}},{"kind":"Field","name":{"kind":"Name","value":"clipped"}},{"kind":"Field","name":{"kind":"Name","value":"amount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"investment"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"madeAt"}}]}},{"kind":"Field","name":{"kind":"Name","value":"invoice"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"number"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"fundedAmount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"remainingAmount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"fundedPercent"}}]}},{"kind":"Field","name":{"kind":"Name","value":"wallet"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"balance"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"available"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"errors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"field"}}]}}]}}]}}]} as unknown as DocumentNode<FundInvoiceMutation, FundInvoiceMutationVariables>;
export const InvestmentReleasedDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"InvestmentReleased"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Cursor"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"investmentReleased"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"FeedItem"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cursor"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Ready"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"recovered"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ResyncRequired"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"reason"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"InvestmentReleased"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"occurredAt"}},{"kind":"Field","name":{"kind":"Name","value":"investmentId"}},{"kind":"Field","name":{"kind":"Name","value":"amount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"invoice"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"number"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"fundedAmount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"remainingAmount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"fundedPercent"}}]}}]}}]}}]}}]} as unknown as DocumentNode<InvestmentReleasedSubscription, InvestmentReleasedSubscriptionVariables>;
export const InvestmentSuccessDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"InvestmentSuccess"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Cursor"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"investmentSuccess"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"FeedItem"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cursor"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Ready"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"recovered"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ResyncRequired"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"reason"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"InvestmentSuccess"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"occurredAt"}},{"kind":"Field","name":{"kind":"Name","value":"investmentId"}},{"kind":"Field","name":{"kind":"Name","value":"amount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"madeAt"}},{"kind":"Field","name":{"kind":"Name","value":"invoice"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"number"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"fundedAmount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"remainingAmount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"fundedPercent"}}]}}]}}]}}]}}]} as unknown as DocumentNode<InvestmentSuccessSubscription, InvestmentSuccessSubscriptionVariables>;
export const InvestmentsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Investments"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"invoiceId"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"states"}},"type":{"kind":"ListType","type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"InvestmentState"}}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}},"defaultValue":{"kind":"IntValue","value":"20"}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Cursor"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"investments"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"invoiceId"},"value":{"kind":"Variable","name":{"kind":"Name","value":"invoiceId"}}},{"kind":"Argument","name":{"kind":"Name","value":"states"},"value":{"kind":"Variable","name":{"kind":"Name","value":"states"}}},{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"amount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"paidAmount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"madeAt"}},{"kind":"Field","name":{"kind":"Name","value":"invoice"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"number"}},{"kind":"Field","name":{"kind":"Name","value":"sellerName"}},{"kind":"Field","name":{"kind":"Name","value":"debtorName"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"dueOn"}}]}},{"kind":"Field","name":{"kind":"Name","value":"payouts"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"paidAt"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}}]}}]}}]} as unknown as DocumentNode<InvestmentsQuery, InvestmentsQueryVariables>;
export const InvestorAnalyticsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"InvestorAnalytics"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"currency"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"CurrencyCode"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"investorAnalytics"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"currency"},"value":{"kind":"Variable","name":{"kind":"Name","value":"currency"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"currency"}},{"kind":"Field","name":{"kind":"Name","value":"invested"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"received"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"atWork"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"realisedProfit"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"lost"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"averageExpectedYield"}},{"kind":"Field","name":{"kind":"Name","value":"realisedReturn"}},{"kind":"Field","name":{"kind":"Name","value":"defaultRate"}},{"kind":"Field","name":{"kind":"Name","value":"byIndustry"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"industry"}},{"kind":"Field","name":{"kind":"Name","value":"investments"}},{"kind":"Field","name":{"kind":"Name","value":"invested"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"share"}}]}},{"kind":"Field","name":{"kind":"Name","value":"byStatus"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"investments"}},{"kind":"Field","name":{"kind":"Name","value":"invested"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"share"}}]}},{"kind":"Field","name":{"kind":"Name","value":"byMonth"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"month"}},{"kind":"Field","name":{"kind":"Name","value":"invested"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"received"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}}]}}]}}]}}]} as unknown as DocumentNode<InvestorAnalyticsQuery, InvestorAnalyticsQueryVariables>;
export const InvoiceDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Invoice"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"asOf"}},{"kind":"Field","name":{"kind":"Name","value":"invoice"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"number"}},{"kind":"Field","name":{"kind":"Name","value":"sellerId"}},{"kind":"Field","name":{"kind":"Name","value":"sellerName"}},{"kind":"Field","name":{"kind":"Name","value":"debtorName"}},{"kind":"Field","name":{"kind":"Name","value":"viewerParty"}},{"kind":"Field","name":{"kind":"Name","value":"industry"}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"currency"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"openForFunding"}},{"kind":"Field","name":{"kind":"Name","value":"faceValue"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"advanceRate"}},{"kind":"Field","name":{"kind":"Name","value":"requestedAmount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"fundedAmount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"remainingAmount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"currency"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"fundedPercent"}},{"kind":"Field","name":{"kind":"Name","value":"reserveAmount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"minInvestment"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"fee"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"method"}},{"kind":"Field","name":{"kind":"Name","value":"rate"}},{"kind":"Field","name":{"kind":"Name","value":"tiers"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"upToDays"}},{"kind":"Field","name":{"kind":"Name","value":"rate"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"expectedFee"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"expectedRebate"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"expectedReturn"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"expectedYield"}},{"kind":"Field","name":{"kind":"Name","value":"recourse"}},{"kind":"Field","name":{"kind":"Name","value":"saleMethod"}},{"kind":"Field","name":{"kind":"Name","value":"fundingMode"}},{"kind":"Field","name":{"kind":"Name","value":"issuedOn"}},{"kind":"Field","name":{"kind":"Name","value":"dueOn"}},{"kind":"Field","name":{"kind":"Name","value":"graceDays"}},{"kind":"Field","name":{"kind":"Name","value":"tenorDays"}},{"kind":"Field","name":{"kind":"Name","value":"fundingDeadlineAt"}},{"kind":"Field","name":{"kind":"Name","value":"repaidAmount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"outstandingAmount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"currency"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"investorsPaidAmount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"rebateAmount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"lossAmount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"listedAt"}},{"kind":"Field","name":{"kind":"Name","value":"fundedAt"}},{"kind":"Field","name":{"kind":"Name","value":"endedAt"}},{"kind":"Field","name":{"kind":"Name","value":"investments"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"amount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"paidAmount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"madeAt"}},{"kind":"Field","name":{"kind":"Name","value":"investor"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"auction"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"endsAt"}},{"kind":"Field","name":{"kind":"Name","value":"maxRate"}},{"kind":"Field","name":{"kind":"Name","value":"bestRate"}},{"kind":"Field","name":{"kind":"Name","value":"bidCount"}},{"kind":"Field","name":{"kind":"Name","value":"winningRate"}}]}},{"kind":"Field","name":{"kind":"Name","value":"bids"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"rate"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"placedAt"}},{"kind":"Field","name":{"kind":"Name","value":"mine"}},{"kind":"Field","name":{"kind":"Name","value":"bidderName"}}]}},{"kind":"Field","name":{"kind":"Name","value":"payments"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"source"}},{"kind":"Field","name":{"kind":"Name","value":"amount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"toInvestors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"toSeller"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"receivedOn"}}]}},{"kind":"Field","name":{"kind":"Name","value":"riskScore"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"score"}},{"kind":"Field","name":{"kind":"Name","value":"grade"}},{"kind":"Field","name":{"kind":"Name","value":"factors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"rule"}},{"kind":"Field","name":{"kind":"Name","value":"points"}},{"kind":"Field","name":{"kind":"Name","value":"sentence"}}]}}]}}]}}]}}]} as unknown as DocumentNode<InvoiceQuery, InvoiceQueryVariables>;
export const InvoiceDefaultedDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"InvoiceDefaulted"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"invoiceId"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Cursor"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"invoiceDefaulted"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"invoiceId"},"value":{"kind":"Variable","name":{"kind":"Name","value":"invoiceId"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"FeedItem"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cursor"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Ready"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"recovered"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ResyncRequired"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"reason"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"InvoiceDefaulted"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"occurredAt"}},{"kind":"Field","name":{"kind":"Name","value":"outstanding"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"atRisk"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"invoice"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"number"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"fundedAmount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"remainingAmount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"fundedPercent"}}]}}]}}]}}]}}]} as unknown as DocumentNode<InvoiceDefaultedSubscription, InvoiceDefaultedSubscriptionVariables>;
export const InvoiceFundedDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"InvoiceFunded"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"invoiceId"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Cursor"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"invoiceFunded"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"invoiceId"},"value":{"kind":"Variable","name":{"kind":"Name","value":"invoiceId"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"FeedItem"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cursor"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Ready"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"recovered"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ResyncRequired"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"reason"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"InvoiceFunded"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"occurredAt"}},{"kind":"Field","name":{"kind":"Name","value":"investmentId"}},{"kind":"Field","name":{"kind":"Name","value":"investorName"}},{"kind":"Field","name":{"kind":"Name","value":"amount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"fullyFunded"}},{"kind":"Field","name":{"kind":"Name","value":"paidOut"}},{"kind":"Field","name":{"kind":"Name","value":"invoice"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"number"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"fundedAmount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"remainingAmount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"fundedPercent"}}]}}]}}]}}]}}]} as unknown as DocumentNode<InvoiceFundedSubscription, InvoiceFundedSubscriptionVariables>;
export const InvoiceMessageSentDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"InvoiceMessageSent"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"invoiceId"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Cursor"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"invoiceMessageSent"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"invoiceId"},"value":{"kind":"Variable","name":{"kind":"Name","value":"invoiceId"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"FeedItem"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cursor"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Ready"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"recovered"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ResyncRequired"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"reason"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"InvoiceMessageSent"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"occurredAt"}},{"kind":"Field","name":{"kind":"Name","value":"messageId"}},{"kind":"Field","name":{"kind":"Name","value":"authorParty"}},{"kind":"Field","name":{"kind":"Name","value":"authorLabel"}},{"kind":"Field","name":{"kind":"Name","value":"body"}},{"kind":"Field","name":{"kind":"Name","value":"sentAt"}},{"kind":"Field","name":{"kind":"Name","value":"invoice"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"number"}}]}}]}}]}}]}}]} as unknown as DocumentNode<InvoiceMessageSentSubscription, InvoiceMessageSentSubscriptionVariables>;
export const InvoiceMessagesDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"InvoiceMessages"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"invoiceId"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"last"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}},"defaultValue":{"kind":"IntValue","value":"50"}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"before"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Cursor"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"asOf"}},{"kind":"Field","name":{"kind":"Name","value":"invoiceMessages"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"invoiceId"},"value":{"kind":"Variable","name":{"kind":"Name","value":"invoiceId"}}},{"kind":"Argument","name":{"kind":"Name","value":"last"},"value":{"kind":"Variable","name":{"kind":"Name","value":"last"}}},{"kind":"Argument","name":{"kind":"Name","value":"before"},"value":{"kind":"Variable","name":{"kind":"Name","value":"before"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"authorParty"}},{"kind":"Field","name":{"kind":"Name","value":"authorLabel"}},{"kind":"Field","name":{"kind":"Name","value":"body"}},{"kind":"Field","name":{"kind":"Name","value":"sentAt"}},{"kind":"Field","name":{"kind":"Name","value":"mine"}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasPreviousPage"}},{"kind":"Field","name":{"kind":"Name","value":"startCursor"}}]}}]}}]}}]} as unknown as DocumentNode<InvoiceMessagesQuery, InvoiceMessagesQueryVariables>;
export const InvoiceOverdueDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"InvoiceOverdue"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"invoiceId"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Cursor"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"invoiceOverdue"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"invoiceId"},"value":{"kind":"Variable","name":{"kind":"Name","value":"invoiceId"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"FeedItem"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cursor"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Ready"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"recovered"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ResyncRequired"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"reason"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"InvoiceOverdue"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"occurredAt"}},{"kind":"Field","name":{"kind":"Name","value":"outstanding"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"graceEndsOn"}},{"kind":"Field","name":{"kind":"Name","value":"invoice"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"number"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"fundedAmount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"remainingAmount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"fundedPercent"}}]}}]}}]}}]}}]} as unknown as DocumentNode<InvoiceOverdueSubscription, InvoiceOverdueSubscriptionVariables>;
export const InvoiceRecoveredDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"InvoiceRecovered"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"invoiceId"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Cursor"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"invoiceRecovered"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"invoiceId"},"value":{"kind":"Variable","name":{"kind":"Name","value":"invoiceId"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"FeedItem"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cursor"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Ready"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"recovered"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ResyncRequired"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"reason"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"InvoiceRecovered"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"occurredAt"}},{"kind":"Field","name":{"kind":"Name","value":"recoveredAmount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"loss"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"invoice"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"number"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"fundedAmount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"remainingAmount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"fundedPercent"}}]}}]}}]}}]}}]} as unknown as DocumentNode<InvoiceRecoveredSubscription, InvoiceRecoveredSubscriptionVariables>;
export const InvoiceRepaidDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"InvoiceRepaid"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"invoiceId"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Cursor"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"invoiceRepaid"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"invoiceId"},"value":{"kind":"Variable","name":{"kind":"Name","value":"invoiceId"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"FeedItem"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cursor"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Ready"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"recovered"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ResyncRequired"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"reason"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"InvoiceRepaid"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"occurredAt"}},{"kind":"Field","name":{"kind":"Name","value":"paymentId"}},{"kind":"Field","name":{"kind":"Name","value":"amount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"toInvestors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"toSeller"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"receivedOn"}},{"kind":"Field","name":{"kind":"Name","value":"invoice"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"number"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"fundedAmount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"remainingAmount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"fundedPercent"}}]}}]}}]}}]}}]} as unknown as DocumentNode<InvoiceRepaidSubscription, InvoiceRepaidSubscriptionVariables>;
export const InvoiceUpdatedDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"InvoiceUpdated"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"invoiceId"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Cursor"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"invoiceUpdated"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"invoiceId"},"value":{"kind":"Variable","name":{"kind":"Name","value":"invoiceId"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"FeedItem"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cursor"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Ready"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"recovered"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ResyncRequired"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"reason"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"InvoiceUpdated"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"occurredAt"}},{"kind":"Field","name":{"kind":"Name","value":"change"}},{"kind":"Field","name":{"kind":"Name","value":"previousStatus"}},{"kind":"Field","name":{"kind":"Name","value":"invoice"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"number"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"fundedAmount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"remainingAmount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"fundedPercent"}}]}}]}}]}}]}}]} as unknown as DocumentNode<InvoiceUpdatedSubscription, InvoiceUpdatedSubscriptionVariables>;
export const InvoicesDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Invoices"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"statuses"}},"type":{"kind":"ListType","type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"InvoiceStatus"}}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"party"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Party"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}},"defaultValue":{"kind":"IntValue","value":"20"}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Cursor"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"invoices"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"statuses"},"value":{"kind":"Variable","name":{"kind":"Name","value":"statuses"}}},{"kind":"Argument","name":{"kind":"Name","value":"party"},"value":{"kind":"Variable","name":{"kind":"Name","value":"party"}}},{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"number"}},{"kind":"Field","name":{"kind":"Name","value":"sellerName"}},{"kind":"Field","name":{"kind":"Name","value":"debtorName"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"faceValue"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"fundedAmount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"remainingAmount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"outstandingAmount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"currency"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"fundedPercent"}},{"kind":"Field","name":{"kind":"Name","value":"dueOn"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}}]}}]}}]} as unknown as DocumentNode<InvoicesQuery, InvoicesQueryVariables>;
export const ListInvoiceDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"ListInvoice"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"InvoiceActInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"listInvoice"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"replayed"}},{"kind":"Field","name":{"kind":"Name","value":"invoice"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"number"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"fundedAmount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"remainingAmount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"fundedPercent"}}]}},{"kind":"Field","name":{"kind":"Name","value":"errors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"field"}}]}}]}}]}}]} as unknown as DocumentNode<ListInvoiceMutation, ListInvoiceMutationVariables>;
export const MarketplaceDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Marketplace"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"filter"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"MarketplaceFilter"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"sort"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"MarketSort"}},"defaultValue":{"kind":"EnumValue","value":"NEWEST"}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}},"defaultValue":{"kind":"IntValue","value":"20"}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Cursor"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"asOf"}},{"kind":"Field","name":{"kind":"Name","value":"marketplaceInvoices"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"Variable","name":{"kind":"Name","value":"filter"}}},{"kind":"Argument","name":{"kind":"Name","value":"sort"},"value":{"kind":"Variable","name":{"kind":"Name","value":"sort"}}},{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"number"}},{"kind":"Field","name":{"kind":"Name","value":"sellerName"}},{"kind":"Field","name":{"kind":"Name","value":"debtorName"}},{"kind":"Field","name":{"kind":"Name","value":"industry"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"faceValue"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"requestedAmount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"fundedAmount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"remainingAmount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"currency"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"fundedPercent"}},{"kind":"Field","name":{"kind":"Name","value":"minInvestment"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"expectedYield"}},{"kind":"Field","name":{"kind":"Name","value":"fee"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"method"}},{"kind":"Field","name":{"kind":"Name","value":"rate"}},{"kind":"Field","name":{"kind":"Name","value":"tiers"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"upToDays"}},{"kind":"Field","name":{"kind":"Name","value":"rate"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"saleMethod"}},{"kind":"Field","name":{"kind":"Name","value":"fundingMode"}},{"kind":"Field","name":{"kind":"Name","value":"recourse"}},{"kind":"Field","name":{"kind":"Name","value":"dueOn"}},{"kind":"Field","name":{"kind":"Name","value":"tenorDays"}},{"kind":"Field","name":{"kind":"Name","value":"fundingDeadlineAt"}},{"kind":"Field","name":{"kind":"Name","value":"auction"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"endsAt"}},{"kind":"Field","name":{"kind":"Name","value":"maxRate"}},{"kind":"Field","name":{"kind":"Name","value":"bestRate"}},{"kind":"Field","name":{"kind":"Name","value":"bidCount"}}]}},{"kind":"Field","name":{"kind":"Name","value":"riskScore"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"score"}},{"kind":"Field","name":{"kind":"Name","value":"grade"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}}]}}]}}]} as unknown as DocumentNode<MarketplaceQuery, MarketplaceQueryVariables>;
export const MarketplaceUpdatedDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"MarketplaceUpdated"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Cursor"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"marketplaceUpdated"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"FeedItem"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cursor"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Ready"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"recovered"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ResyncRequired"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"reason"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"MarketplaceUpdated"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"action"}},{"kind":"Field","name":{"kind":"Name","value":"invoice"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"number"}},{"kind":"Field","name":{"kind":"Name","value":"sellerName"}},{"kind":"Field","name":{"kind":"Name","value":"debtorName"}},{"kind":"Field","name":{"kind":"Name","value":"industry"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"faceValue"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"requestedAmount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"fundedAmount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"remainingAmount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"fundedPercent"}},{"kind":"Field","name":{"kind":"Name","value":"minInvestment"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"expectedYield"}},{"kind":"Field","name":{"kind":"Name","value":"dueOn"}},{"kind":"Field","name":{"kind":"Name","value":"fundingDeadlineAt"}}]}}]}}]}}]}}]} as unknown as DocumentNode<MarketplaceUpdatedSubscription, MarketplaceUpdatedSubscriptionVariables>;
export const NewInvoiceListedDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"NewInvoiceListed"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Cursor"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"newInvoiceListed"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"FeedItem"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cursor"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Ready"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"recovered"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ResyncRequired"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"reason"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"NewInvoiceListed"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"occurredAt"}},{"kind":"Field","name":{"kind":"Name","value":"invoice"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"number"}},{"kind":"Field","name":{"kind":"Name","value":"sellerName"}},{"kind":"Field","name":{"kind":"Name","value":"debtorName"}},{"kind":"Field","name":{"kind":"Name","value":"industry"}},{"kind":"Field","name":{"kind":"Name","value":"faceValue"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"requestedAmount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"minInvestment"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"expectedYield"}},{"kind":"Field","name":{"kind":"Name","value":"dueOn"}},{"kind":"Field","name":{"kind":"Name","value":"fundingDeadlineAt"}}]}}]}}]}}]}}]} as unknown as DocumentNode<NewInvoiceListedSubscription, NewInvoiceListedSubscriptionVariables>;
export const PayoutMadeDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"PayoutMade"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Cursor"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"payoutMade"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"FeedItem"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cursor"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Ready"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"recovered"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ResyncRequired"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"reason"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"PayoutMade"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"occurredAt"}},{"kind":"Field","name":{"kind":"Name","value":"investmentId"}},{"kind":"Field","name":{"kind":"Name","value":"amount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"invested"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"paidInAll"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"invoice"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"number"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"fundedAmount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"remainingAmount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"fundedPercent"}}]}}]}}]}}]}}]} as unknown as DocumentNode<PayoutMadeSubscription, PayoutMadeSubscriptionVariables>;
export const PlaceBidDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"PlaceBid"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"PlaceBidInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"placeBid"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"replayed"}},{"kind":"Field","name":{"kind":"Name","value":"bid"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"rate"}},{"kind":"Field","name":{"kind":"Name","value":"amount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"placedAt"}}]}},{"kind":"Field","name":{"kind":"Name","value":"invoice"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"number"}},{"kind":"Field","name":{"kind":"Name","value":"auction"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"endsAt"}},{"kind":"Field","name":{"kind":"Name","value":"maxRate"}},{"kind":"Field","name":{"kind":"Name","value":"bestRate"}},{"kind":"Field","name":{"kind":"Name","value":"bidCount"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"errors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"field"}}]}}]}}]}}]} as unknown as DocumentNode<PlaceBidMutation, PlaceBidMutationVariables>;
export const PortfolioDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Portfolio"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"currency"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"CurrencyCode"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"asOf"}},{"kind":"Field","name":{"kind":"Name","value":"portfolio"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"currency"},"value":{"kind":"Variable","name":{"kind":"Name","value":"currency"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"userId"}},{"kind":"Field","name":{"kind":"Name","value":"currency"}},{"kind":"Field","name":{"kind":"Name","value":"invested"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"held"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"received"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"realisedProfit"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"expectedReturn"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"openPositions"}},{"kind":"Field","name":{"kind":"Name","value":"endedPositions"}},{"kind":"Field","name":{"kind":"Name","value":"positions"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"invoice"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"number"}},{"kind":"Field","name":{"kind":"Name","value":"sellerName"}},{"kind":"Field","name":{"kind":"Name","value":"debtorName"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"fundedPercent"}},{"kind":"Field","name":{"kind":"Name","value":"dueOn"}}]}},{"kind":"Field","name":{"kind":"Name","value":"invested"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"held"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"paid"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"expectedReturn"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}}]}}]}}]}}]} as unknown as DocumentNode<PortfolioQuery, PortfolioQueryVariables>;
export const PortfolioUpdatedDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"PortfolioUpdated"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"currency"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"CurrencyCode"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Cursor"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"portfolioUpdated"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"currency"},"value":{"kind":"Variable","name":{"kind":"Name","value":"currency"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"FeedItem"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cursor"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Ready"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"recovered"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ResyncRequired"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"reason"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"PortfolioState"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"state"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"userId"}},{"kind":"Field","name":{"kind":"Name","value":"currency"}},{"kind":"Field","name":{"kind":"Name","value":"invested"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"held"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"received"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"realisedProfit"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"expectedReturn"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"openPositions"}},{"kind":"Field","name":{"kind":"Name","value":"endedPositions"}},{"kind":"Field","name":{"kind":"Name","value":"positions"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"invoice"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"number"}},{"kind":"Field","name":{"kind":"Name","value":"sellerName"}},{"kind":"Field","name":{"kind":"Name","value":"debtorName"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"fundedPercent"}},{"kind":"Field","name":{"kind":"Name","value":"dueOn"}}]}},{"kind":"Field","name":{"kind":"Name","value":"invested"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"held"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"paid"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"expectedReturn"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}}]}}]}}]}}]}}]}}]} as unknown as DocumentNode<PortfolioUpdatedSubscription, PortfolioUpdatedSubscriptionVariables>;
export const RecordInvoicePaymentDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"RecordInvoicePayment"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"RecordInvoicePaymentInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"recordInvoicePayment"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"replayed"}},{"kind":"Field","name":{"kind":"Name","value":"invoices"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"number"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"repaidAmount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"outstandingAmount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"rebateAmount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"payments"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"amount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"toPlatform"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"toInvestors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"toSeller"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"receivedOn"}}]}},{"kind":"Field","name":{"kind":"Name","value":"errors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"field"}}]}}]}}]}}]} as unknown as DocumentNode<RecordInvoicePaymentMutation, RecordInvoicePaymentMutationVariables>;
export const RiskScoreDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"RiskScore"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"invoiceId"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"riskScore"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"invoiceId"},"value":{"kind":"Variable","name":{"kind":"Name","value":"invoiceId"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"invoiceId"}},{"kind":"Field","name":{"kind":"Name","value":"score"}},{"kind":"Field","name":{"kind":"Name","value":"grade"}},{"kind":"Field","name":{"kind":"Name","value":"factors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"rule"}},{"kind":"Field","name":{"kind":"Name","value":"points"}},{"kind":"Field","name":{"kind":"Name","value":"sentence"}}]}}]}}]}}]} as unknown as DocumentNode<RiskScoreQuery, RiskScoreQueryVariables>;
export const SendInvoiceMessageDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"SendInvoiceMessage"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"SendInvoiceMessageInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"sendInvoiceMessage"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"replayed"}},{"kind":"Field","name":{"kind":"Name","value":"message"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"authorParty"}},{"kind":"Field","name":{"kind":"Name","value":"authorLabel"}},{"kind":"Field","name":{"kind":"Name","value":"body"}},{"kind":"Field","name":{"kind":"Name","value":"sentAt"}}]}},{"kind":"Field","name":{"kind":"Name","value":"errors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"field"}}]}}]}}]}}]} as unknown as DocumentNode<SendInvoiceMessageMutation, SendInvoiceMessageMutationVariables>;
export const SettleInvoiceDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"SettleInvoice"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"SettleInvoiceInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"settleInvoice"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"replayed"}},{"kind":"Field","name":{"kind":"Name","value":"invoices"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"number"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"repaidAmount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"outstandingAmount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"rebateAmount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"payments"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"amount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"toPlatform"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"toInvestors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"toSeller"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"receivedOn"}}]}},{"kind":"Field","name":{"kind":"Name","value":"errors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"field"}}]}}]}}]}}]} as unknown as DocumentNode<SettleInvoiceMutation, SettleInvoiceMutationVariables>;
export const SettleInvoicesDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"SettleInvoices"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"SettleInvoicesInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"settleInvoices"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"replayed"}},{"kind":"Field","name":{"kind":"Name","value":"invoices"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"number"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"repaidAmount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"outstandingAmount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"rebateAmount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"payments"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"amount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"toPlatform"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"toInvestors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"toSeller"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"receivedOn"}}]}},{"kind":"Field","name":{"kind":"Name","value":"errors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"field"}}]}}]}}]}}]} as unknown as DocumentNode<SettleInvoicesMutation, SettleInvoicesMutationVariables>;
export const UpdateInvoiceDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"UpdateInvoice"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"UpdateInvoiceInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"updateInvoice"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"invoice"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"number"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"faceValue"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"requestedAmount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"minInvestment"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"expectedFee"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"dueOn"}},{"kind":"Field","name":{"kind":"Name","value":"fundingDeadlineAt"}},{"kind":"Field","name":{"kind":"Name","value":"updatedAt"}}]}},{"kind":"Field","name":{"kind":"Name","value":"errors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"field"}}]}}]}}]}}]} as unknown as DocumentNode<UpdateInvoiceMutation, UpdateInvoiceMutationVariables>;
export const UserDashboardDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"UserDashboard"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"currency"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"CurrencyCode"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"asOf"}},{"kind":"Field","name":{"kind":"Name","value":"userDashboard"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"currency"},"value":{"kind":"Variable","name":{"kind":"Name","value":"currency"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"userId"}},{"kind":"Field","name":{"kind":"Name","value":"currency"}},{"kind":"Field","name":{"kind":"Name","value":"walletBalance"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"walletHeld"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"walletAvailable"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"stats"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"draftInvoices"}},{"kind":"Field","name":{"kind":"Name","value":"openInvoices"}},{"kind":"Field","name":{"kind":"Name","value":"outstandingInvoices"}},{"kind":"Field","name":{"kind":"Name","value":"overdueInvoices"}},{"kind":"Field","name":{"kind":"Name","value":"settledInvoices"}},{"kind":"Field","name":{"kind":"Name","value":"raised"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"activeInvestments"}},{"kind":"Field","name":{"kind":"Name","value":"invested"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"heldForInvestments"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"receivedFromInvestments"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"invoicesToPay"}},{"kind":"Field","name":{"kind":"Name","value":"amountToPay"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}}]}}]}}]}}]} as unknown as DocumentNode<UserDashboardQuery, UserDashboardQueryVariables>;
export const UserDashboardUpdatedDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"UserDashboardUpdated"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"currency"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"CurrencyCode"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Cursor"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"userDashboardUpdated"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"currency"},"value":{"kind":"Variable","name":{"kind":"Name","value":"currency"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"FeedItem"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cursor"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Ready"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"recovered"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ResyncRequired"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"reason"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UserDashboardState"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"state"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"userId"}},{"kind":"Field","name":{"kind":"Name","value":"currency"}},{"kind":"Field","name":{"kind":"Name","value":"walletBalance"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"walletHeld"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"walletAvailable"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"stats"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"draftInvoices"}},{"kind":"Field","name":{"kind":"Name","value":"openInvoices"}},{"kind":"Field","name":{"kind":"Name","value":"outstandingInvoices"}},{"kind":"Field","name":{"kind":"Name","value":"overdueInvoices"}},{"kind":"Field","name":{"kind":"Name","value":"settledInvoices"}},{"kind":"Field","name":{"kind":"Name","value":"raised"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"activeInvestments"}},{"kind":"Field","name":{"kind":"Name","value":"invested"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"heldForInvestments"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"receivedFromInvestments"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"invoicesToPay"}},{"kind":"Field","name":{"kind":"Name","value":"amountToPay"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}}]}}]}}]}}]}}]}}]} as unknown as DocumentNode<UserDashboardUpdatedSubscription, UserDashboardUpdatedSubscriptionVariables>;
export const WithdrawBidDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"WithdrawBid"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"InvoiceActInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"withdrawBid"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"replayed"}},{"kind":"Field","name":{"kind":"Name","value":"bid"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"rate"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"endedAt"}}]}},{"kind":"Field","name":{"kind":"Name","value":"errors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"field"}}]}}]}}]}}]} as unknown as DocumentNode<WithdrawBidMutation, WithdrawBidMutationVariables>;
export const WithdrawInvoiceDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"WithdrawInvoice"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"InvoiceActInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"withdrawInvoice"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"replayed"}},{"kind":"Field","name":{"kind":"Name","value":"invoice"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"number"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"fundedAmount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"remainingAmount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"fundedPercent"}}]}},{"kind":"Field","name":{"kind":"Name","value":"errors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"field"}}]}}]}}]}}]} as unknown as DocumentNode<WithdrawInvoiceMutation, WithdrawInvoiceMutationVariables>;
export const TransferFundsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"TransferFunds"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"TransferFundsInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"transferFunds"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"replayed"}},{"kind":"Field","name":{"kind":"Name","value":"amount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"wallet"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"balance"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"available"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"transaction"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"amount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"timestamp"}}]}},{"kind":"Field","name":{"kind":"Name","value":"errors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"field"}}]}}]}}]}}]} as unknown as DocumentNode<TransferFundsMutation, TransferFundsMutationVariables>;
export const WalletDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Wallet"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"currency"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"CurrencyCode"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"asOf"}},{"kind":"Field","name":{"kind":"Name","value":"wallet"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"currency"},"value":{"kind":"Variable","name":{"kind":"Name","value":"currency"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"currency"}},{"kind":"Field","name":{"kind":"Name","value":"balance"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"held"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"available"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"walletTransactions"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"10"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"amount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"balanceAfter"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"invoiceId"}},{"kind":"Field","name":{"kind":"Name","value":"timestamp"}}]}}]}}]}}]} as unknown as DocumentNode<WalletQuery, WalletQueryVariables>;
export const WalletBalanceChangedDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"WalletBalanceChanged"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"walletId"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Cursor"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"walletBalanceChanged"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"walletId"},"value":{"kind":"Variable","name":{"kind":"Name","value":"walletId"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"FeedItem"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cursor"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Ready"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"recovered"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ResyncRequired"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"reason"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"WalletBalanceChanged"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"occurredAt"}},{"kind":"Field","name":{"kind":"Name","value":"walletId"}},{"kind":"Field","name":{"kind":"Name","value":"change"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"balance"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"held"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"available"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"invoiceId"}}]}}]}}]}}]} as unknown as DocumentNode<WalletBalanceChangedSubscription, WalletBalanceChangedSubscriptionVariables>;
export const WalletTransactionsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"WalletTransactions"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"walletId"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"type"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"TransactionType"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}},"defaultValue":{"kind":"IntValue","value":"20"}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Cursor"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"walletTransactions"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"walletId"},"value":{"kind":"Variable","name":{"kind":"Name","value":"walletId"}}},{"kind":"Argument","name":{"kind":"Name","value":"type"},"value":{"kind":"Variable","name":{"kind":"Name","value":"type"}}},{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"walletId"}},{"kind":"Field","name":{"kind":"Name","value":"entryId"}},{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"amount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"currency"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"balanceAfter"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"currency"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"invoiceId"}},{"kind":"Field","name":{"kind":"Name","value":"timestamp"}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}}]}}]}}]} as unknown as DocumentNode<WalletTransactionsQuery, WalletTransactionsQueryVariables>;
export const WalletsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Wallets"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"wallets"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"userId"}},{"kind":"Field","name":{"kind":"Name","value":"currency"}},{"kind":"Field","name":{"kind":"Name","value":"openedAt"}},{"kind":"Field","name":{"kind":"Name","value":"balance"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"currency"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"held"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"currency"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"available"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"currency"}},{"kind":"Field","name":{"kind":"Name","value":"formatted"}}]}}]}}]}}]} as unknown as DocumentNode<WalletsQuery, WalletsQueryVariables>;