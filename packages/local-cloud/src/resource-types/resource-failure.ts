/** A failure a resource type words by itself, without the frame of a service's error. */
export class ResourceFailure extends Error {
  override name = "ResourceFailure";
}
