const roughMs = 3000;

/**
 * The server's time. Sample times and "last seen" come from there, and the clock of the browser's machine
 * may be minutes off: ages are always counted between two times of one clock.
 */
export class ServerClock {
  private offset = 0;

  sync(serverTime: string): void {
    const time = Date.parse(serverTime);
    if (!Number.isNaN(time)) this.offset = time - Date.now();
  }

  /** A time in whole seconds, such as a Date header's, which took its time to get here: good against a wrong clock, no better than what is known already. */
  syncRoughly(serverTime: string): void {
    const time = Date.parse(serverTime);
    if (Math.abs(time - this.now()) > roughMs) this.offset = time - Date.now();
  }

  now(): number {
    return this.at(Date.now());
  }

  /** The server's time at a moment of this browser's clock. */
  at(browserTime: number): number {
    return browserTime + this.offset;
  }
}
