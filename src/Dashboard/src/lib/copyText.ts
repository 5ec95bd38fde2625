/** Puts a text on the clipboard; false if the browser allows no way. */
export async function copyText(text: string): Promise<boolean> {
  try {
    // Only there on HTTPS and on the machine itself; a dashboard in a local network is neither.
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

function copyBySelection(text: string): boolean {
  const area = document.createElement('textarea');
  area.value = text;
  area.className = 'sr-only';
  // Inside an open dialog everything outside of it cannot be selected.
  (document.querySelector('dialog[open]') ?? document.body).append(area);
  area.select();
  const copied = document.execCommand('copy');
  area.remove();
  return copied;
}
