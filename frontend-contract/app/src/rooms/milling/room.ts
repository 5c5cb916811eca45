/** The mill: what is bought, held, made and sold; and what its customers ordered. */
import { Factory, LayoutDashboard, ListTree, Package, PackagePlus, ShoppingBag, ShoppingCart } from "lucide-react";

import { type Room, whoIs, whoMay } from "@/shell/room";

import { purchasePath, salePath } from "./rows";

export const room: Room = {
  title: "Mill",
  pages: [
    {
      path: "/mill",
      title: "The mill",
      icon: LayoutDashboard,
      may: whoMay("MILL_READ"),
      load: async () => import("./Overview"),
    },
    {
      path: "/mill/stock",
      title: "Stock",
      icon: Package,
      may: whoMay("MILL_READ"),
      load: async () => import("./Stock"),
    },
    { path: "/mill/stock/:id", title: "Item", may: whoMay("MILL_READ"), load: async () => import("./Item") },
    {
      path: "/mill/production",
      title: "Production",
      icon: Factory,
      may: whoMay("MILL_READ"),
      load: async () => import("./Production"),
    },
    {
      path: "/mill/recipes",
      title: "Bills of materials",
      icon: ListTree,
      may: whoMay("MILL_READ"),
      load: async () => import("./Recipes"),
    },
    {
      path: "/mill/sales",
      title: "Sales",
      icon: ShoppingCart,
      may: whoMay("MILL_READ"),
      load: async () => import("./Sales"),
    },
    { path: "/mill/sales/:id", title: "Sale", may: whoMay("MILL_READ"), load: async () => import("./Sale") },
    {
      path: "/mill/purchases",
      title: "Purchases",
      icon: PackagePlus,
      may: whoMay("MILL_READ"),
      load: async () => import("./Purchases"),
    },
    {
      path: "/mill/purchases/:id",
      title: "Purchase",
      may: whoMay("MILL_READ"),
      load: async () => import("./Purchase"),
    },
    {
      path: "/orders",
      title: "My orders",
      icon: ShoppingBag,
      may: whoIs("DEBTOR"),
      beside: true,
      load: async () => import("./MyOrders"),
    },
  ],
  subjects: {
    purchase: purchasePath,
    sale: salePath,
    production: () => "/mill/production",
    stock_alert: () => "/mill/stock",
    mill_order: () => "/orders",
  },
};
