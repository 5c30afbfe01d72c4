/** How a property is appended to a path: `.name`, or `["na.me"]`. */
export function propertyPathOf(name: string): string {
  return /^[A-Za-z_][A-Za-z0-9_-]*$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
}
