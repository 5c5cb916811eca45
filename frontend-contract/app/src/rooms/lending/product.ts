/** A loan product as the list of products shows it. */
import type { LoanProductsQuery } from "@/graphql/lending";

export type Product = LoanProductsQuery["loanProducts"]["nodes"][number];
