/** The school: fees, attendance and the books for its staff, and what guardians see of their children. */
import { BookUser, CalendarCheck, CalendarRange, GraduationCap, Scale, School, Users } from "lucide-react";

import { type Room, whoIs, whoMay } from "@/shell/room";

export const room: Room = {
  title: "School",
  pages: [
    {
      path: "/school/children",
      title: "My children",
      icon: Users,
      may: whoIs("GUARDIAN"),
      load: async () => import("./Wards"),
    },
    {
      path: "/school",
      title: "School today",
      icon: School,
      may: whoMay("ALL_CLASSES"),
      load: async () => import("./Overview"),
    },
    {
      path: "/school/students",
      title: "Students",
      icon: BookUser,
      may: whoMay("SCHOOL_READ"),
      load: async () => import("./Students"),
    },
    {
      path: "/school/fees",
      title: "School fees",
      icon: GraduationCap,
      may: whoMay("FEES_READ"),
      load: async () => import("./Fees"),
    },
    {
      path: "/school/attendance",
      title: "Attendance",
      icon: CalendarCheck,
      may: whoMay("SCHOOL_READ"),
      load: async () => import("./Attendance"),
    },
    {
      path: "/school/years",
      title: "School years",
      icon: CalendarRange,
      may: whoMay("SCHOOL_MANAGE"),
      load: async () => import("./Years"),
    },
    {
      path: "/school/financials",
      title: "School financials",
      icon: Scale,
      may: whoMay("SCHOOL_BOOKS"),
      load: async () => import("./Financials"),
    },
    {
      path: "/school/students/:id",
      title: "Student",
      may: whoMay("SCHOOL_READ", "WARDS_READ", "FEES_READ"),
      load: async () => import("./Student"),
    },
    {
      path: "/school/fees/:id",
      title: "Fee",
      may: whoMay("FEES_READ", "WARDS_READ"),
      load: async () => import("./Fee"),
    },
  ],
};
