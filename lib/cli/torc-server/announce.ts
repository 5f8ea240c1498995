/** Other programs read this; it comes before any other line. */
export function announce(port: number): void {
  process.stdout.write(`TORC_SERVER_PORT=${port}\n`);
}
