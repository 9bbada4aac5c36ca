import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core';

const ibex: MantineColorsTuple = [
  '#e9f7f5',
  '#cfeae6',
  '#a3d8d1',
  '#72c4ba',
  '#4bb3a7',
  '#2f9f93',
  '#0f8377',
  '#0f766e',
  '#0b5f59',
  '#074a45',
];

/** Lists exist only while they are open. */
const comboboxProps = { keepMounted: false };

const gray: MantineColorsTuple = [
  '#f7f8f9',
  '#f1f3f5',
  '#e6e9ec',
  '#d6dbe0',
  '#c3cad1',
  '#a3acb6',
  '#68727e',
  '#4d5661',
  '#2f363e',
  '#16191d',
];

const dark: MantineColorsTuple = [
  '#dfe4e9',
  '#aab3bd',
  '#88929d',
  '#4a525c',
  '#323941',
  '#272c33',
  '#1b1f24',
  '#14171b',
  '#0e1013',
  '#090b0d',
];

/** Mantine in the console's colours, small by default: this is a tool for people who look at it all day. */
export const theme = createTheme({
  primaryColor: 'ibex',
  primaryShade: { light: 7, dark: 6 },
  colors: { ibex, gray, dark },
  fontFamily: "'Inter Variable', system-ui, sans-serif",
  fontFamilyMonospace: "'JetBrains Mono Variable', ui-monospace, monospace",
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '18px' },
  defaultRadius: 6,
  cursorType: 'pointer',
  focusRing: 'auto',
  respectReducedMotion: true,
  components: {
    Button: { defaultProps: { size: 'xs' }, styles: { label: { fontWeight: 550 } } },
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray', size: 28 } },
    TextInput: { defaultProps: { size: 'xs' } },
    Select: { defaultProps: { size: 'xs', comboboxProps, checkIconPosition: 'right', withScrollArea: true } },
    Autocomplete: { defaultProps: { size: 'xs', comboboxProps } },
    TagsInput: { defaultProps: { size: 'xs', comboboxProps } },
    SegmentedControl: {
      defaultProps: { size: 'xs' },
      styles: { root: { minHeight: 30, background: 'var(--surface-2)' }, label: { fontWeight: 500 } },
    },
    Tooltip: { defaultProps: { openDelay: 300, withArrow: false, offset: 6 } },
    Menu: { defaultProps: { shadow: 'md' } },
    Popover: { defaultProps: { shadow: 'md' } },
  },
});

/** Mantine's greys for hints and its red for errors are too faint to read; ours pass 4.5 to 1. */
export const cssVariables: CSSVariablesResolver = () => {
  const shared = {
    '--mantine-color-placeholder': 'var(--text-3)',
    '--mantine-color-dimmed': 'var(--text-3)',
    '--mantine-color-error': 'var(--bad)',
  };
  return { variables: {}, light: shared, dark: shared };
};
