// What people call a photo.

/** The name that the camera gave; the catalog puts project and flight before it. */
export const photoName = ({ name, epoch }) => {
  const last = name.split(/[~/]/).at(-1);
  return last.startsWith(`${epoch}_`) ? last.slice(epoch.length + 1) : last;
};
