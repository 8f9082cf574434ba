/** Texts of the saved views of the list of jobs. */

export const views = {
  button: "Saved views",
  current: (name: string) => `Saved views: ${name}`,
  none: "None yet. A view keeps the query, the order and the columns under a name, in this browser.",
  save: "Save this view…",
  rename: (name: string) => `Rename “${name}”…`,
  remove: (name: string) => `Delete “${name}”`,
  saveTitle: "Save this view",
  renameTitle: (name: string) => `Rename “${name}”`,
  name: "Name",
  taken: "There is a view of that name: it is replaced.",
  about: "Kept in this browser. The link of the list shows somebody else the same.",
  doSave: "Save",
  doRename: "Rename",
  saved: (name: string) => `The view “${name}” is saved.`,
  removed: (name: string) => `The view “${name}” is deleted.`,
  blocked: "This browser lets the page store nothing: the views are kept until the page is closed.",
  command: (name: string) => `View: ${name}`,
} as const;
