/** Goes round the themes: as the system has it, light, dark. */
import { Monitor, Moon, Sun } from "lucide-react";
import { type ReactNode, useSyncExternalStore } from "react";

import { IconButton } from "@/kit/Button";

import { chooseTheme, type Theme, themeStore } from "./theme";

const NEXT: Record<Theme, { next: Theme; label: string; Icon: typeof Sun }> = {
  system: { next: "light", label: "Theme: as the system has it. Change to light", Icon: Monitor },
  light: { next: "dark", label: "Theme: light. Change to dark", Icon: Sun },
  dark: { next: "system", label: "Theme: dark. Change to the system's", Icon: Moon },
};

export function ThemeSwitch(): ReactNode {
  const theme = useSyncExternalStore(themeStore.subscribe, themeStore.get);
  const { next, label, Icon } = NEXT[theme];
  return <IconButton label={label} icon={<Icon aria-hidden />} onClick={() => chooseTheme(next)} />;
}
