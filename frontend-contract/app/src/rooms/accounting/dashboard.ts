/** The accounts at a glance, as its page has them. */
import type { AccountingDashboardQuery } from "@/graphql/accounting";

export type Dashboard = AccountingDashboardQuery["accountingDashboard"];
