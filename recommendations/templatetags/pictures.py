"""Pictures inside a page, painted by the style sheet; in the layout of `reporting.charts`."""

from __future__ import annotations

from django import template

from recommendations.reporting.charts import Block, Picture
from recommendations.templatetags.tracker import GLYPHS, TEXTURED

register = template.Library()


@register.inclusion_tag("components/_picture.html")
def picture(drawn: Picture, id: str) -> dict[str, object]:
    """Show a picture with its title, the answer in words, and its numbers; `id` is unique."""
    return {
        "id": id,
        "title": drawn.title,
        "sentence": drawn.sentence,
        "height": f"{drawn.height:g}",
        "blocks": [placed(block) for block in drawn.blocks],
        "labels": [(one.text, f"{one.x:.2f}%", f"{one.y:g}") for one in drawn.labels],
    }


def placed(block: Block) -> dict[str, object]:
    """Return a block as the template writes it."""
    x, y = block.middle
    return {
        "css": f"s-{block.value}" if block.value in GLYPHS else f"w-{block.value}",
        "texture": TEXTURED.get(block.value, ""),
        "count": block.count,
        "x": f"{block.x:.2f}%",
        "y": f"{block.y:.1f}",
        "width": f"{block.width:.2f}%",
        "height": f"{block.height:.1f}",
        "middle": (f"{x:.2f}%", f"{y:.1f}"),
    }
