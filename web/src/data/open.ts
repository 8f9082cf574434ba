/** Opens the page of a job from places that know no router, such as a notice. */

type Opener = (id: string) => void;

let opener: Opener = () => {};

export function open(id: string): void {
  opener(id);
}

/** Says how: the frame does, which has the router. */
export function openBy(how: Opener): void {
  opener = how;
}
