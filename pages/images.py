"""Images are numbers: pixels, channels, scaling, labels, classes, the split and augmentation."""

from lib.concepts.augmenting import vary, warped
from lib.data.scaling import channel_statistics
from lib.ui.kit.choice import Choice
from lib.ui.kit.fragment import fragment
from lib.ui.kit.picture_source import picture_source
from lib.ui.learn import page
from lib.ui.learn.images import tabs
from lib.ui.learn.images.augmentation import augmentation_tab

PARTS = {
    "pixels": ("Pixels", tabs.pixels_tab),
    "scaling": ("Scaling", tabs.scaling_tab),
    "labels": ("Labels", tabs.labels_tab),
    "classes": ("Classes", tabs.classes_tab),
    "split": ("Split", tabs.split_tab),
    "augmentation": ("Augmentation", augmentation_tab),
}


@fragment
def body() -> None:
    picture = picture_source()
    part, tab = Choice("part", {part: title for part, (title, _) in PARTS.items()}, "pixels").tabs()
    # Only the open tab is drawn, so that the others cost nothing.
    with tab:
        PARTS[part][1](picture)


page.begin("images")
body()
page.closing("images", channel_statistics, vary, warped)
