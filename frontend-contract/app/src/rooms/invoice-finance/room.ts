/** Invoice finance: what sellers and investors look at, and everybody's wallet. */
import { Briefcase, FileText, Store, Wallet } from "lucide-react";

import { type Room, whoIs, whoMay } from "@/shell/room";

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
      may: whoIs("SELLER"),
      load: async () => import("./MyInvoices"),
    },
    {
      path: "/invoices/:id",
      title: "Invoice",
      may: whoMay("INVOICE_FUND", "INVOICE_SELL", "INVOICE_READ"),
      load: async () => import("./Invoice"),
    },
    {
      path: "/wallet",
      title: "Wallet",
      icon: Wallet,
      may: whoMay("WALLET_USE"),
      beside: true,
      load: async () => import("./Wallet"),
    },
  ],
};
