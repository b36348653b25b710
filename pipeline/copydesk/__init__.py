"""copydesk: scraped news pages in, a clean dataset out.

The public contract in one import. Plugin authors use what is listed in ``__all__`` and nothing else.
"""

from copydesk.errors import (
    AccountingError,
    CopydeskError,
    DatasetError,
    LockedError,
    PageError,
    PluginError,
    SettingsError,
)
from copydesk.hookspecs import hookimpl
from copydesk.model import (
    Block,
    BlockKind,
    Document,
    Element,
    Fault,
    JsonValue,
    Label,
    Link,
    Location,
    MediaType,
    Page,
    Reason,
    SourceRange,
    TimeElement,
)
from copydesk.report import RunReport
from copydesk.settings import PluginSettings, Settings
from copydesk.tables import Table
from copydesk.text import fold_text, inert, normalise, words
from copydesk.values import (
    Article,
    Claim,
    Field,
    Image,
    Metadata,
    Outcome,
    Person,
    Precision,
    Quote,
    QuoteKind,
    Reject,
    Removal,
    Span,
    Status,
    When,
)
from copydesk.process import Pipeline
