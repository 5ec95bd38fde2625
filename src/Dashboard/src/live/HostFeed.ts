import type { HostSamples, HostSnapshot } from '../api/types';
import { HostView } from '../lib/hostView';
import { SampleWindow } from '../lib/sampleWindow';
import { windowMs } from '../lib/liveWindow';

/** The window, and a little more so that lines do not begin inside the picture. */
const keepMs = windowMs + 30_000;

/**
 * The live samples of one host, outside of React: a sample reaches only the parts of the page that draw it.
 * Every change makes a new view, so a view can be compared by identity.
 */
export class HostFeed {
  private readonly listeners = new Set<() => void>();
  private window = new SampleWindow({ series: [], times: [], values: [] });
  private intervalMs: number | null = null;
  private current = new HostView(this.window.copy(), null);
  private overtaken: HostSamples[] | null = null;
  private lastHeardAt: number | null = null;

  get view(): HostView {
    return this.current;
  }

  /** When the host was last heard of, in server time, or null if not since the snapshot. */
  get lastHeard(): number | null {
    return this.lastHeardAt;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** A snapshot is on its way; samples that arrive before it belong on top of it. */
  expectSnapshot(): void {
    this.overtaken ??= [];
  }

  load(snapshot: HostSnapshot): void {
    this.window = new SampleWindow(snapshot);
    this.intervalMs = snapshot.intervalSeconds === null ? null : snapshot.intervalSeconds * 1000;
    this.lastHeardAt = null;
    for (const message of this.overtaken ?? []) this.insert(message);
    this.overtaken = null;
    this.publish();
  }

  /** False if an earlier message was lost and only a new snapshot can help. */
  append(message: HostSamples): boolean {
    this.overtaken?.push(message);
    if (!this.insert(message)) return this.overtaken !== null;
    this.publish();
    return true;
  }

  heard(at: number): void {
    this.lastHeardAt = at;
    for (const listener of [...this.listeners]) listener();
  }

  private insert(message: HostSamples): boolean {
    if (!this.window.addSeries(message.newSeries, message.firstNewSeries)) return false;
    for (const { at, values } of message.samples) this.window.insert(at, values);
    this.window.trim(keepMs);
    return true;
  }

  private publish(): void {
    this.current = new HostView(this.window.copy(), this.intervalMs);
    for (const listener of [...this.listeners]) listener();
  }
}
