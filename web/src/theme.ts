/** Colours, type and shapes of the pages. */

import {
  Checkbox,
  type CSSVariablesResolver,
  createTheme,
  defaultVariantColorsResolver,
  type MantineColorsTuple,
  Modal,
  Radio,
  Tooltip,
} from "@mantine/core";

const ink: MantineColorsTuple = [
  "#f6f8f9",
  "#eceff1",
  "#dbe1e5",
  "#c0cad1",
  "#94a3ad",
  "#6b7b86",
  "#51606b",
  "#3b4852",
  "#222c34",
  "#12191f",
];

const tide: MantineColorsTuple = [
  "#effcf9",
  "#d5f5ee",
  "#a9eadd",
  "#74dac8",
  "#42c3ae",
  "#1fa793",
  "#128677",
  "#0f6f64",
  "#0f5a52",
  "#0d4540",
];

const night: MantineColorsTuple = [
  "#dfe6ea",
  "#b6c2ca",
  "#93a2ac",
  "#6f7f8a",
  "#3c4851",
  "#2c363e",
  "#1f272d",
  "#171d22",
  "#11161a",
  "#0b0f12",
];

/** For failure and loss alone. */
const ember: MantineColorsTuple = [
  "#fff1ef",
  "#ffdedb",
  "#ffbeb8",
  "#ffa39b",
  "#ff8a80",
  "#f26c61",
  "#d9453a",
  "#b3261e",
  "#971f18",
  "#7a1812",
];

export const theme = createTheme({
  primaryColor: "tide",
  primaryShade: { light: 7, dark: 4 },
  variantColorResolver: (input) => {
    const usual = defaultVariantColorsResolver(input);
    return input.variant === "filled" ? { ...usual, color: "var(--hw-on-filled)" } : usual;
  },
  components: {
    Checkbox: Checkbox.extend({ defaultProps: { iconColor: "var(--hw-on-filled)" } }),
    Radio: Radio.extend({ defaultProps: { iconColor: "var(--hw-on-filled)" } }),
    Modal: Modal.extend({
      // Its head is a <header>, which would count as a second banner of the page.
      defaultProps: { attributes: { header: { role: "none" } } },
      styles: { title: { fontSize: "1rem", fontWeight: 620, overflowWrap: "anywhere" } },
    }),
    Tooltip: Tooltip.extend({ defaultProps: { transitionProps: { duration: 0 } } }),
  },
  colors: { ink, tide, red: ember, dark: night },
  defaultRadius: "md",
  cursorType: "pointer",
  respectReducedMotion: true,
  fontFamily: 'Inter, ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", "JetBrains Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace',
  fontSizes: { xs: "0.75rem", sm: "0.8125rem", md: "0.875rem", lg: "1rem", xl: "1.125rem" },
  headings: {
    fontWeight: "620",
    sizes: {
      h1: { fontSize: "1.375rem", lineHeight: "1.3" },
      h2: { fontSize: "1.0625rem", lineHeight: "1.35" },
      h3: { fontSize: "0.9375rem", lineHeight: "1.4" },
    },
  },
});

const SHARED = {
  "--mantine-color-body": "var(--hw-surface)",
  "--mantine-color-text": "var(--hw-text)",
  "--mantine-color-dimmed": "var(--hw-quiet)",
  "--mantine-color-placeholder": "var(--hw-quiet)",
  "--mantine-color-default": "var(--hw-surface)",
  "--mantine-color-default-color": "var(--hw-text)",
  "--mantine-color-default-border": "var(--hw-rule-strong)",
  "--mantine-color-default-hover": "var(--hw-sunken)",
  "--mantine-color-disabled": "var(--hw-sunken)",
  "--mantine-color-disabled-color": "var(--hw-quiet)",
  "--mantine-color-disabled-border": "var(--hw-rule)",
  "--mantine-color-error": "var(--hw-state-bad)",
  "--mantine-color-anchor": "var(--hw-accent)",
};

/** Mantine's own parts take the colours of styles.css. */
export const variables: CSSVariablesResolver = () => ({ variables: {}, light: SHARED, dark: SHARED });
