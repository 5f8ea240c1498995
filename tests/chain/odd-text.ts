/** A folder with a name that only quoting survives. */
export const ODD = `it's "odd" $HOME & co`;

/** Arguments that only quoting survives. */
export const ARGS = [
  'two words',
  '',
  'line\nline\n',
  `'"$(exit 3)\`x\`\\`,
  '*',
  'größe 文字',
  '--help',
  'a=b,c',
];
