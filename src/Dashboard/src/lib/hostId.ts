/** Whether a part of the address can be the id of a host. */
export function isHostId(text: string): boolean {
  return /^[1-9]\d{0,14}$/.test(text);
}
