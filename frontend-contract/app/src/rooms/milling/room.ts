/** The mill: stock, production and sales. */
import { Factory, Package, ShoppingCart } from "lucide-react";

import { type Room, whoMay } from "@/shell/room";

export const room: Room = {
  title: "Mill",
  pages: [
    {
      path: "/mill/stock",
      title: "Stock",
      icon: Package,
      may: whoMay("MILL_READ"),
      load: async () => import("./Stock"),
    },
    {
      path: "/mill/production",
      title: "Production",
      icon: Factory,
      may: whoMay("MILL_READ"),
      load: async () => import("./Production"),
    },
    {
      path: "/mill/sales",
      title: "Sales",
      icon: ShoppingCart,
      may: whoMay("MILL_READ"),
      load: async () => import("./Sales"),
    },
  ],
};
