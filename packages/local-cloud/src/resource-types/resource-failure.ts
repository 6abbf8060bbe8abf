/** A failure with the resource type's own message, without the frame of a service's error. */
export class ResourceFailure extends Error {
  override name = "ResourceFailure";
}
