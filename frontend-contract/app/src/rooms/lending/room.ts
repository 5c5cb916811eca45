/** Lending: what borrowers, loan officers and branch managers look at. */
import {
  Banknote,
  BookCheck,
  Building2,
  ClipboardList,
  FilePlus,
  HandCoins,
  Landmark,
  Network,
  PhoneCall,
  Tags,
} from "lucide-react";

import { type Room, whoIs, whoMay } from "@/shell/room";

export const room: Room = {
  title: "Lending",
  pages: [
    {
      path: "/lending",
      title: "My loans",
      icon: Landmark,
      may: whoIs("BORROWER"),
      load: async () => import("./MyLoans"),
    },
    {
      path: "/lending/apply",
      title: "Apply for a loan",
      icon: FilePlus,
      may: whoIs("BORROWER"),
      load: async () => import("./Apply"),
    },
    {
      path: "/lending/work",
      title: "My work",
      icon: ClipboardList,
      may: whoIs("LOAN_OFFICER"),
      load: async () => import("./OfficerWork"),
    },
    {
      path: "/lending/branches",
      title: "All branches",
      icon: Network,
      may: whoMay("ADMIN_DASHBOARD"),
      load: async () => import("./Branches"),
    },
    {
      path: "/lending/branch",
      title: "My branch",
      icon: Building2,
      may: whoMay("BRANCH_DASHBOARD"),
      load: async () => import("./Branch"),
    },
    {
      path: "/lending/loans",
      title: "Loans",
      icon: Banknote,
      may: whoMay("LOAN_REVIEW", "LOAN_COLLECT"),
      load: async () => import("./Loans"),
    },
    {
      path: "/lending/collections",
      title: "Collections",
      icon: HandCoins,
      may: whoMay("COLLECTIONS_WORK"),
      load: async () => import("./Collections"),
    },
    {
      path: "/lending/recovery",
      title: "Recovery",
      icon: PhoneCall,
      may: whoMay("COLLECTIONS_WORK"),
      load: async () => import("./Recovery"),
    },
    {
      path: "/lending/repayments",
      title: "Repayments",
      icon: BookCheck,
      may: whoMay("LOAN_COLLECT"),
      load: async () => import("./Repayments"),
    },
    {
      path: "/lending/products",
      title: "Loan products",
      icon: Tags,
      may: whoMay("LOAN_PRODUCTS_MANAGE"),
      load: async () => import("./Products"),
    },
    { path: "/lending/loans/:id", title: "Loan", may: whoMay("LOAN_READ"), load: async () => import("./Loan") },
  ],
  subjects: { loan: (id) => `/lending/loans/${encodeURIComponent(id)}` },
};
