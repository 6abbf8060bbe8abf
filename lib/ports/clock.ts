/** The port to the time. */

export type Clock = () => string;
