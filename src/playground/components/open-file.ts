import { describeFailure } from "../lib/failure.ts";
import { extensionOf, imageTypeOf } from "../lib/paths.ts";
import { session } from "../session.ts";
import { project } from "../store/project.ts";
import { tree } from "../store/tree.ts";
import { view } from "../store/view.ts";

/** Text opens in the editor; pictures, pages and anything else in a preview. */
export async function openOrPreview(path: string): Promise<void> {
  tree.setState({ selectedPath: path });
  const isPage = [".html", ".htm", ".svg"].includes(extensionOf(path)) && !(path in project.getState().texts);
  if (imageTypeOf(path) !== null || isPage) {
    view.getState().preview(path);
    return;
  }
  try {
    if (await session.open(path)) {
      view.getState().showPhoneView("code");
      view.getState().setDrawerOpen(false);
    } else view.getState().preview(path);
  } catch (error) {
    tree.setState({ problem: describeFailure(error).message });
  }
}
