import { createTheme, defaultVariantColorsResolver } from '@mantine/core';

/** Calm and dense: system fonts, one accent, steps of four pixels. */
export const theme = createTheme({
  primaryColor: 'indigo',
  primaryShade: { light: 7, dark: 4 },
  autoContrast: true,
  luminanceThreshold: 0.18,
  // readable text colours on the accent depend on the scheme
  variantColorResolver: (input) => {
    const colours = defaultVariantColorsResolver(input);
    const isAccent = input.variant === 'filled' && (input.color ?? 'indigo') === 'indigo';
    return isAccent ? { ...colours, color: 'var(--mantine-primary-color-contrast)' } : colours;
  },
  fontFamily: "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Noto Sans SC', sans-serif",
  fontFamilyMonospace: 'var(--mono)',
  defaultRadius: 'sm',
  spacing: { xs: '4px', sm: '8px', md: '12px', lg: '16px', xl: '24px' },
  headings: { fontWeight: '650' },
  components: {
    Tooltip: { defaultProps: { openDelay: 300, events: { hover: true, focus: true, touch: false } } },
    Modal: { defaultProps: { centered: true, transitionProps: { duration: 100 } } },
    Menu: {
      // the first item gets the focus, and the menu contains only items
      defaultProps: { transitionProps: { duration: 80 }, withInitialFocusPlaceholder: false },
      styles: { label: { color: 'var(--text-dim)' } },
    },
    // overlays are part of the content, too
    Portal: { defaultProps: { target: '#content' } },
  },
});
