import type { DownloadedFile } from '../api/request';

/** Browsers read the file after the click; it may go when they surely have. */
const keptMs = 60_000;

/** Gives a file to the browser to save under its name. */
export function saveFile({ name, content }: DownloadedFile): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), keptMs);
}
