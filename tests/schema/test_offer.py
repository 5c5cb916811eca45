"""What clients of each business count on: these root fields keep their names, and these words stay in their enums."""

from __future__ import annotations

import pytest
from graphql import GraphQLEnumType, GraphQLObjectType

from tests.support.graphql import pipeline

QUERIES = """
auditLog activityLog notifications unreadNotificationCount me realtimeStatus accounts accountBalance trialBalance
journalEntries integrityReport loanQuote validateLoanApplication borrowerDashboard collections collectionStats
accountingDashboard profitAndLoss cashPosition revenueBreakdown balanceSheet generalLedger validateExpense
validateRevenue validateTransfer branchManagerDashboard loanOfficerDashboard adminDashboard loanRepayments
loanRepaymentStats approvals communicationLogs recoveryActions report reports scheduledReports jobStatus loan loans
loanProducts
loanTransactions loanPayoff fiscalPeriods expenses revenues transfers notificationPreferences branches
productions production productionPlan billsOfMaterials billOfMaterials
stockMovements stockAvailability stockLevels stockDocument stockDocuments stockStatement stockValuation sale sales
saleReturns receivables financeProceeds millOrder millOrders
purchase purchases purchaseReturns payables
item items warehouse warehouses suppliers customers stockAlerts
millDashboard dashboardModule demandForecast
payment payments myPayments serviceSessions serviceSession orphanTransactions orphanSuggestions
statementImport statementImports matchRules reconciliationReport
reconciliationResults reconciliation discrepancies discrepancy mpesaMessages mpesaMessage
reconciliationStats activeReconciliations reconciliationMetrics reconciliationTrends alertThresholds
academicYears academicYear programs subjects schoolClasses schoolClass students student teachers teacher
enrolments enrolment attendance attendanceStats promotionPlan schoolRun schoolRuns
schoolFee schoolFees receipt myWards studentStatement financialTransaction financialTransactions
recentActivities userActivityLog systemNotifications
schoolDashboard financialStats feeStats enrollmentStats teacherStats statisticsCache arrearsAlerts arrearsThreshold
feeCategories feeStructures feeStructure feeQuote refundQuote lessonSettlement studentDiscounts studentAdvances
unusedAdvances
"""

MUTATIONS = """
markNotificationRead markAllNotificationsRead login postJournalEntry reverseJournalEntry submitLoanApplication
recordLoanRepayment createExpense postExpense createRevenue postRevenue createTransfer processTransfer
createJournalEntry approve reject logCommunication createRecoveryAction completeRecoveryAction reviewLoan approveLoan
disburseLoan addLoanDocuments verifyKyc rejectLoan generateReport scheduleReport cancelScheduledReport payLoan
reverseLoanRepayment refundLoanOverpayment
chargeBackLoanRepayment requestLoanReschedule rescheduleLoan chargeOffLoan requestLoanWriteOff writeOffLoan
recordLoanRecovery addLoanCharge waiveLoanCharge pauseLoanDelinquency closeFiscalPeriod reopenFiscalPeriod
updateNotificationPreferences
createBillOfMaterials updateBillOfMaterials
createProduction updateProduction startProduction consumeMaterials completeProduction cancelProduction
receiveStock issueStock transferStock countStock adjustStock repackStock openStock cancelStockDocument
createSale confirmSale deliverSale recordSalePayment createSaleReturn cancelSale invoiceSale offerSaleForFinance
payMillOrder createPurchase updatePurchase receivePurchase billPurchase cancelPurchaseBill payPurchase recordSupplierRefund
reverseSupplierPayment addLandedCost cancelLandedCost createPurchaseReturn cancelPurchaseReturn cancelPurchase
createItem updateItem setItemUnit setReorderLevel openWarehouse updateWarehouse upsertSupplier upsertCustomer
acknowledgeAlert collectFinanceProceeds reverseLoanDisbursement
bookServiceSession cancelServiceSession initiateMpesaPayment resendMpesaPrompt cancelPayment queryMpesaStatus
checkMpesaReceipt reversePayment registerMpesaUrls ingestMpesaCallback placeOrphanTransaction
importMpesaStatement cancelStatementImport matchStatement createMatchRule updateMatchRule deleteMatchRule
reconcileSession bulkReconcile queueReconciliation assignDiscrepancy resolveDiscrepancy reopenDiscrepancy dailyReconciliation
updateAlertThresholds purgeReconciliationResults
setArrearsThreshold refreshStatisticsCache
addFee updateFee deleteFee payFee addIncome addExpense updateFinancialTransaction deleteFinancialTransaction
resyncFinancials archiveActivityLog setActivityArchiving
enrollStudent moveStudent endEnrolment recordAttendance correctAttendance promoteStudents cancelSchoolRun resumeSchoolRun
openAcademicYear updateAcademicYear upsertProgram upsertSubject openSchoolClass updateSchoolClass registerStudent
updateStudent deleteStudent upsertGuardian removeGuardian registerTeacher updateTeacher assignTeacher
endTeacherAssignment
upsertFeeCategory upsertFeeStructure giveStudentDiscount withdrawStudentDiscount addFees addLateFees refundFee
changeFeeTerms settleMissedLessons carryOverArrears recordAdvance giveBackAdvance useAdvance returnAdvance moveFeeCredit
"""

SUBSCRIPTIONS = """
events notificationReceived borrowerDashboardUpdated loanUpdated loanStatusChanged collectionsUpdated
accountingDashboardUpdated branchManagerDashboardUpdated loanOfficerDashboardUpdated adminDashboardUpdated
loanRepaymentStatsUpdated approvalQueueUpdated communicationLogged recoveryActionUpdated loanApplicationSubmitted
loanReviewed loanApproved loanDisbursed loanRejected expenseCreated expensePosted revenueCreated revenuePosted
transferProcessed journalEntryPosted paymentProcessed reportReady
productionUpdated billOfMaterialsUpdated stockUpdated salesUpdated millOrderUpdated
purchaseUpdated inventoryUpdated stockAlert lowStock
millDashboardUpdated dashboardRefresh
paymentUpdated statementImportProgress
discrepancyUpdated reconciliationFeed reconciliationStatsUpdated reconciliationResult discrepancyAlert
discrepancyRateAlert
feeUpdated wardUpdated financialTransactionChanged
schoolDashboardUpdated financialStatsUpdated feeStatsUpdated arrearsAlert teacherAssigned schoolRecordsChanged
studentEnrolled enrolmentUpdated studentPromoted attendanceRecorded schoolRunUpdated
"""

DASHBOARDS = """
borrowerDashboardUpdated collectionsUpdated accountingDashboardUpdated branchManagerDashboardUpdated
loanOfficerDashboardUpdated adminDashboardUpdated loanRepaymentStatsUpdated
millDashboardUpdated reconciliationStatsUpdated
schoolDashboardUpdated financialStatsUpdated feeStatsUpdated
"""

WORDS = {
    "LoanNotificationAction": {"SUBMITTED", "DOCUMENTS_ADDED", "KYC_VERIFIED", "APPROVED", "DISBURSED", "REJECTED"},
    "NotificationChannel": {"DATABASE", "BROADCAST", "MAIL", "SMS"},
    "NotificationPriority": {"CRITICAL", "HIGH", "MEDIUM", "LOW"},
    "MillNotificationType": {
        "LOW_STOCK",
        "OUT_OF_STOCK",
        "PRODUCTION_COMPLETED",
        "SALE_COMPLETED",
        "PURCHASE_COMPLETED",
        "WAREHOUSE_CAPACITY",
        "SYSTEM",
        "INVENTORY_UPDATED",
    },
    "ItemCategory": {"RAW_MATERIAL", "FINISHED", "BY_PRODUCT", "PACKAGING"},
    "StockAlertState": {"OPEN", "ACKNOWLEDGED", "RESOLVED"},
    "StockStatus": {"OK", "LOW", "OUT"},
    "StockMovementKind": {
        "OPENING",
        "RECEIPT",
        "ISSUE",
        "PURCHASE_RECEIPT",
        "PURCHASE_RETURN",
        "BILL_DIFFERENCE",
        "LANDED_COST",
        "SALE_DELIVERY",
        "SALE_RETURN",
        "TRANSFER_OUT",
        "TRANSFER_IN",
        "PRODUCTION_CONSUME",
        "PRODUCTION_OUTPUT",
        "PRODUCTION_BY_PRODUCT",
        "REPACK_OUT",
        "REPACK_IN",
        "ADJUSTMENT",
        "COUNT",
    },
    "StockDocumentKind": {"OPENING", "RECEIPT", "ISSUE", "TRANSFER", "COUNT", "ADJUSTMENT", "REPACK"},
    "MillModule": {"INVENTORY", "STOCK", "PRODUCTION", "SALES", "PURCHASES", "WAREHOUSE"},
    "DeliveryMode": {"PUSH", "POLL", "ON_DEMAND"},
    "ProductionStatus": {"PLANNED", "IN_PROGRESS", "COMPLETED", "CANCELLED"},
    "PurchaseStatus": {"DRAFT", "RECEIVED", "BILLED", "PART_RETURNED", "RETURNED", "CANCELLED"},
    "ReconTrigger": {
        "PAYMENT_INITIATION",
        "PAYMENT_CALLBACK",
        "STATUS_QUERY",
        "PERIODIC",
        "MANUAL",
        "MANUAL_DASHBOARD",
        "MANUAL_QUEUE",
        "BULK_MANUAL",
        "WEBSOCKET",
    },
    "ReconStatus": {"QUEUED", "ACTIVE", "MATCHED", "DISCREPANCY", "UNVERIFIED", "FAILED"},
    "PaymentStatus": {
        "CREATED",
        "STK_SENT",
        "PROCESSING",
        "PAID",
        "FAILED",
        "CANCELLED",
        "EXPIRED",
        "REVERSED",
        "PARTIALLY_REVERSED",
    },
    "Severity": {"HIGH", "MEDIUM", "LOW"},
    "DiscrepancyType": {
        "AMOUNT_MISMATCH",
        "CURRENCY_MISMATCH",
        "DUPLICATE_PAYMENT",
        "LATE_CALLBACK",
        "MISSING_CALLBACK",
        "MISSING_IN_STATEMENT",
        "ORPHAN_TRANSACTION",
        "PHONE_MISMATCH",
        "PURPOSE_REFUSED",
        "REFERENCE_MISMATCH",
        "REVERSED",
        "STATUS_MISMATCH",
    },
}


def fields_of(root: GraphQLObjectType | None) -> set[str]:
    assert root is not None
    return set(root.fields)


@pytest.mark.parametrize(
    ("root", "names"),
    [("query_type", QUERIES), ("mutation_type", MUTATIONS), ("subscription_type", SUBSCRIPTIONS)],
)
def test_root_fields_keep_their_names(root: str, names: str) -> None:
    assert set(names.split()) - fields_of(getattr(pipeline()._schema, root)) == set()


def test_dashboards_can_be_asked_for_by_the_clock_too() -> None:
    feeds = pipeline()._schema.subscription_type
    assert feeds is not None
    assert [name for name in DASHBOARDS.split() if "everySeconds" not in feeds.fields[name].args] == []


@pytest.mark.parametrize("enum", sorted(WORDS))
def test_enums_keep_their_words(enum: str) -> None:
    found = pipeline()._schema.type_map[enum]
    assert isinstance(found, GraphQLEnumType)
    assert WORDS[enum] <= set(found.values)
