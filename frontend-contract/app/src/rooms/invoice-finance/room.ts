/** Invoice finance: what sellers, investors and debtors look at. */
import { Briefcase, Files, FileText, ReceiptText, Store } from "lucide-react";

import { type Room, whoIs, whoMay } from "@/shell/room";

import { invoicePath } from "./invoices";

export const room: Room = {
  title: "Invoice finance",
  pages: [
    {
      path: "/marketplace",
      title: "Marketplace",
      icon: Store,
      may: whoIs("INVESTOR", "ADMIN"),
      load: async () => import("./Marketplace"),
    },
    {
      path: "/portfolio",
      title: "Portfolio",
      icon: Briefcase,
      may: whoIs("INVESTOR"),
      load: async () => import("./Portfolio"),
    },
    {
      path: "/invoices",
      title: "My invoices",
      icon: FileText,
      may: whoIs("SELLER", "MILL_MANAGER"),
      load: async () => import("./MyInvoices"),
    },
    {
      path: "/invoices/to-pay",
      title: "Invoices to pay",
      icon: ReceiptText,
      may: whoIs("DEBTOR"),
      load: async () => import("./ToPay"),
    },
    {
      path: "/invoices/all",
      title: "All invoices",
      icon: Files,
      may: whoMay("INVOICES_MANAGE"),
      load: async () => import("./AllInvoices"),
    },
    {
      path: "/invoices/:id",
      title: "Invoice",
      may: whoMay("INVOICE_FUND", "INVOICE_SELL", "INVOICE_READ"),
      load: async () => import("./Invoice"),
    },
  ],
  subjects: { invoice: invoicePath },
};
