"""The same walks without a mouse: what was a click is reached by Tab and arrows."""

from .walker import Stopped, Walker

# Presses of one key from one end of a long page to the other.
FAR = 400
# Where arrows move what is chosen, while the focus stays in the field.
_LISTED = ".o-autocomplete--dropdown-item, .o_select_menu_item, .dropdown-item"
_TYPED_IN = "td, textarea, input:not([type=radio], [type=checkbox])"
_BOX = "[type=radio], [type=checkbox]"
_REACHED = """each => each.contains(document.activeElement)
    || Boolean(each.closest('.focus') || each.querySelector('.ui-state-active'))"""


class KeyboardWalker(Walker):
    def _click(self, target):
        target = target.element_handle()
        self._reach(target, "ArrowDown" if self._is(target, _LISTED) else "Tab")
        if not self._is(target, _TYPED_IN):
            self.press("Space" if self._is(target, _BOX) else "Enter")

    def _reach(self, target, key):
        for _press in range(FAR):
            if target.evaluate(_REACHED):
                return
            self.page.keyboard.press(key)
            self.keys += 1
        raise Stopped(f"{key} does not lead there")

    def _is(self, target, selector):
        return target.evaluate("(each, selector) => each.matches(selector)", selector)
