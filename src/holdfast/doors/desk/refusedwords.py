"""What rooms refuse and why rows are not taken in, kept in English, named for the catalogues."""

from django.utils.translation import gettext_lazy, gettext_noop

REFUSED = (
    # rows of a file that are not taken in
    gettext_noop("%(a)s fields, but only %(b)s columns"),
    gettext_noop("a NUL byte in the cell"),
    gettext_noop("not a date: %(words)s"),
    gettext_noop("not a number: %(words)s"),
    gettext_noop("a formula where a number should be: %(words)s; paste its value"),
    gettext_noop("more than %(n)s decimals: %(words)s"),
    gettext_noop("too large to be true: %(words)s"),
    gettext_noop("longer than %(n)s characters"),
    gettext_noop("no order number"),
    gettext_noop("no product code"),
    gettext_noop("no supplier code"),
    gettext_noop("no code of the consignee"),
    gettext_noop("no lot"),
    gettext_noop("no quantity"),
    gettext_noop("no day"),
    gettext_noop("no number of items"),
    gettext_noop("not a number of items: %(words)s"),
    gettext_noop("not sale, cancellation or adjustment: %(words)s"),
    gettext_noop("only a picture"),
    gettext_noop("digits were lost by a spreadsheet: %(words)s"),
    gettext_noop("not an e-mail address: %(words)s"),
    gettext_noop("no customer number, e-mail address, phone number or name"),
    gettext_noop("a receipt of %(words)s units"),
    gettext_noop("used up before it was received"),
    gettext_noop("no product %(words)s here; bring products in first"),
    gettext_noop("no supplier %(words)s here; bring suppliers in first"),
    gettext_noop("%(words)s lies in the future"),
    gettext_noop("neither yes nor no: %(words)s"),
    gettext_noop("it does not say what was tested"),
    gettext_noop("it says nothing: no text, no reason, nothing of an injury"),
    gettext_noop("no seconds since 1970: %(words)s"),
    gettext_noop("%(words)s is empty"),
    gettext_noop("a time without a zone: %(words)s; write …+01:00, or name it with --timezone"),
    gettext_noop("not a time: %(words)s; write it as 2026-03-04T10:00:00+01:00"),
    gettext_noop("a negative quantity: %(words)s"),
    gettext_noop("no %(code)s: %(words)s has a wrong length or check digit"),
    gettext_noop("unpacked at %(words)s, before it was packed at %(more)s"),
    # files that cannot be read
    gettext_noop("“%(words)s” is empty."),
    gettext_noop("“%(words)s” is larger than %(n)s MB."),
    gettext_noop("Attach the part that proves it, or a compressed copy."),
    gettext_noop("The sheet %(words)s of %(more)s is empty."),
    gettext_noop("Check which sheet holds the table."),
    gettext_noop("%(words)s is empty."),
    gettext_noop("Export the file again."),
    gettext_noop("%(words)s is a tar archive."),
    gettext_noop("Unpack it and import the tables inside one by one."),
    gettext_noop("%(words)s is %(what)s, not a table of rows and columns."),
    gettext_noop("Export it as CSV, TSV or XLSX."),
    gettext_noop("%(words)s holds binary bytes, not text."),
    gettext_noop("%(words)s is %(what)s, not an XLSX workbook."),
    gettext_noop("Save it as XLSX or CSV, or unpack it and import the tables inside."),
    gettext_noop("%(words)s is an old Excel file (XLS) or a protected workbook."),
    gettext_noop("Open it and save it as XLSX or CSV."),
    gettext_noop("%(words)s is protected by a password."),
    gettext_noop("Save a copy without password and import that."),
    gettext_noop(
        "%(words)s stops in the middle of line %(n)s: it has %(a)s of %(b)s fields and no line end."
    ),
    gettext_noop("The file was cut off. Download or export it again."),
    gettext_noop("%(words)s ends inside a quoted field that was opened on line %(n)s."),
    gettext_noop("The file was cut off, or a quote is missing on that line. Export it again."),
    gettext_noop("%(words)s ends in the middle of its %(more)s archive: a part is missing."),
    gettext_noop("Download or copy the file again and compare its size."),
    gettext_noop("%(words)s ends in the middle of a letter on line %(n)s: a part is missing."),
    gettext_noop("Download or copy the file again."),
    gettext_noop("%(words)s is not a sound XLSX workbook: %(why)s."),
    gettext_noop("its sheet ends or breaks on line %(n)s"),
    gettext_noop("%(words)s in its XML"),
    gettext_noop("%(words)s in its sheet"),
    gettext_noop("Open and save it in a spreadsheet program, or export the sheet as CSV."),
    gettext_noop("%(words)s is not a sound %(more)s archive: %(why)s."),
    gettext_noop("Download or copy the file again, or unpack it yourself first."),
    gettext_noop(
        "%(words)s unpacks to more than %(n)s MB out of %(more)s MB: this looks like an "
        "archive bomb."
    ),
    gettext_noop("Unpack it yourself, look at it, and import the plain file."),
    gettext_noop(
        "%(words)s would unpack to %(n)s MB out of %(more)s MB: this looks like an archive bomb."
    ),
    gettext_noop("Open it in a spreadsheet program and export the sheet as CSV."),
    gettext_noop("The texts of %(words)s take more than %(n)s MB."),
    gettext_noop("Export the sheet as CSV, which is read line by line."),
    gettext_noop(
        "The sheet %(words)s of %(more)s has merged cells (%(code)s), so it is not clear "
        "which row a value belongs to."
    ),
    gettext_noop("Unmerge the cells and fill every row, or export the sheet as CSV."),
    gettext_noop("%(words)s has no visible sheet called %(more)s."),
    gettext_noop("%(words)s has no visible sheet."),
    gettext_noop("Check the sheet name, or export the sheet as CSV."),
    gettext_noop("Row %(n)s of %(words)s is longer than 1 MB."),
    gettext_noop("Look at this row in a spreadsheet program."),
    gettext_noop("The record that starts on line %(a)s of %(words)s is longer than %(b)s MB."),
    gettext_noop(
        "A quote may be missing there, or the line ends were lost. Export the file again."
    ),
    gettext_noop("Line %(n)s of %(words)s cannot be read: %(why)s."),
    gettext_noop("Look at this line in a text editor, or export the file again."),
    gettext_noop("%(words)s cannot be read as %(code)s after line %(n)s."),
    gettext_noop(
        "%(words)s cannot be read as %(code)s: a byte near line %(n)s does not fit (the file "
        "seems to end too early)."
    ),
    gettext_noop("%(words)s cannot be read as %(code)s: a byte near line %(n)s does not fit."),
    gettext_noop("%(words)s mixes encodings: line %(a)s is UTF-8, line %(b)s is not."),
    gettext_noop(
        "%(words)s is neither UTF-8 nor Windows-1252: line %(n)s holds a byte that means "
        "nothing in either."
    ),
    gettext_noop("No encoding is called %(words)s."),
    gettext_noop("Try utf-8, cp1252, latin-1, utf-16, cp1250, mac-roman or shift_jis."),
    gettext_noop("%(words)s cannot separate columns: that takes one character, and no quote."),
    gettext_noop("Try , or ; or | or tab, or leave it out to have it found."),
    gettext_noop(
        "%(words)s shows no columns: no comma, semicolon, tab or pipe separates its first line."
    ),
    gettext_noop("The first line must name the columns, for example: order,product,quantity."),
    gettext_noop("Line %(n)s of %(words)s does not name columns: %(more)s."),
    gettext_noop("There is no file %(words)s."),
    gettext_noop("Check the spelling and the folder."),
    gettext_noop("%(words)s is a folder."),
    gettext_noop("Name one file inside it."),
    gettext_noop("%(words)s cannot be opened: %(why)s."),
    gettext_noop("Check that you may read this file."),
    gettext_noop("%(words)s could not be kept: %(why)s."),
    gettext_noop("the disk is nearly full"),
    gettext_noop("Make room on the disk and try again."),
    gettext_noop("There is no such file."),
    gettext_noop("There is no such file here."),
    gettext_noop("This file is no longer here: it was imported or dropped."),
    gettext_noop("Upload it again."),
    gettext_noop("This file was erased: %(words)s"),
    gettext_noop("This file was erased before."),
    gettext_noop("The content of this file is missing from the home folder."),
    gettext_noop("Erasing a file takes a reason; it is kept."),
    gettext_noop("There is no import %(n)s."),
    gettext_noop("%(words)s: no column was found for %(more)s."),
    gettext_noop(
        "This export packs all items of an order into one cell: choose “one row per item” in "
        "the exporter and export again."
    ),
    gettext_noop("%(words)s has no column %(more)s (for %(code)s)."),
    gettext_noop("Its columns: %(words)s."),
    gettext_noop("%(words)s has the column %(more)s (for %(code)s) more than once."),
    gettext_noop("Rename or remove one of them, or map another column."),
    gettext_noop(
        "Dates of %(words)s such as %(more)s on line %(n)s fit both day-first and "
        "month-first, and no row tells which."
    ),
    gettext_noop(
        "%(n)s order lines of the recorded events cannot be used, the first for its "
        "%(words)s: %(why)s."
    ),
    gettext_noop(
        "A scope without them would leave people out. Correct the order_lines table and "
        "import it again."
    ),
    # inspections and tests
    gettext_noop("“%(words)s” is no verdict."),
    gettext_noop("accepted or rejected"),
    gettext_noop("It says accepted, but the plan says otherwise: %(plan)s"),
    gettext_noop("It says rejected, but the plan says otherwise: %(plan)s"),
    gettext_noop("Leave the verdict to the plan, or the AQL out."),
    gettext_noop("%(a)s were looked at in a lot of %(b)s."),
    gettext_noop("%(a)s of %(b)s cannot be nonconforming."),
    gettext_noop("“%(words)s” against “%(more)s” does not say whether it passed."),
    gettext_noop("Say passed or failed, or give a value and a limit in the same unit."),
    gettext_noop("It says passed, but %(words)s is outside the limit %(more)s."),
    gettext_noop("It says failed, but %(words)s is within the limit %(more)s."),
    gettext_noop("Read the report again: one of the two is wrong."),
    gettext_noop("“%(words)s” is no AQL."),
    gettext_noop("The tables have no AQL of %(words)s."),
    gettext_noop("One of %(words)s; II where nothing else was agreed."),
    gettext_noop("One of normal, tightened, reduced."),
    gettext_noop("One of %(words)s."),
    gettext_noop("“%(words)s” is no inspection level."),
    gettext_noop("“%(words)s” is no severity of inspection."),
    gettext_noop("The tables are for lots of %(a)s to %(b)s items, not %(words)s."),
    gettext_noop("Look at a single item itself; give the number of items in the lot."),
    gettext_noop("%(a)s looked at, but the plan takes %(b)s: too few to accept."),
    gettext_noop("Look at %(n)s more."),
    gettext_noop(
        "The switching score is %(a)s on normal inspection; reduced inspection takes %(b)s "
        "on normal inspection."
    ),
    gettext_noop(
        "The switching score is %(a)s on tightened inspection; reduced inspection takes "
        "%(b)s on normal inspection."
    ),
    gettext_noop(
        "The switching score is %(a)s on reduced inspection; reduced inspection takes %(b)s "
        "on normal inspection."
    ),
    gettext_noop("Inspection of this supplier and product goes on."),
    gettext_noop("“%(words)s” by “%(more)s” is no kind of complaint."),
    gettext_noop("Kinds: %(words)s; channels: %(more)s."),
    # investigations
    gettext_noop("An investigation is about a product."),
    gettext_noop("Name it."),
    gettext_noop("No file %(code)s… is attached to %(words)s."),
    gettext_noop("Attach it first."),
    gettext_noop("No %(code)s is called “%(words)s”."),
    gettext_noop("Known: %(words)s."),
    gettext_noop("%(words)s needs words."),
    gettext_noop("There is no approved text to answer with."),
    gettext_noop("Its words were erased, so there is nothing to take in."),
    gettext_noop("No correction is public yet that says what is true here."),
    gettext_noop("The words changed since they were read. Read them again."),
    gettext_noop("The linter blocks these words."),
    gettext_noop("The approved notice says something else now. Draft the page anew."),
    gettext_noop("Whoever wrote these words cannot approve them; somebody else has to."),
    gettext_noop("This needs a reason in words."),
    # announcements and their feeds
    gettext_noop("A stopped sale belongs to a recall."),
    gettext_noop(
        "For example https://www.gov.uk/product-safety-alerts-reports-recalls.atom, UK OPSS."
    ),
    gettext_noop("Every %(words)s hours is no pace."),
    gettext_noop("1 to %(n)s hours."),
    gettext_noop("A file read as %(words)s does not say whose it is."),
    gettext_noop("Known forms of %(words)s: %(more)s."),
    gettext_noop("%(words)s cannot be read: %(why)s."),
    gettext_noop("The feed %(words)s is not set up."),
    gettext_noop("Several feeds are read as %(words)s."),
    gettext_noop("No authority is known as “%(words)s”."),
    gettext_noop("nothing new"),
    gettext_noop("%(a)s records: %(b)s new, %(n)s changed, %(c)s not readable"),
    gettext_noop("answered 304, as before, and was not asked whether it is as before"),
    gettext_noop("answered %(n)s"),
    gettext_noop("took longer than ten minutes; nothing was stored"),
    gettext_noop("more than %(n)s pages; nothing was stored"),
    gettext_noop("fault here: %(words)s"),
    gettext_noop("%(words)s is no web address"),
    gettext_noop("sends us on to an address without encryption"),
    gettext_noop("sends us on without end"),
    gettext_noop("the address lies inside our own network, so it was not asked"),
    gettext_noop("no answer in time"),
    gettext_noop("an answer that was cut off"),
    gettext_noop("no secure connection (%(words)s)"),
    gettext_noop("no answer (%(words)s)"),
    gettext_noop("a damaged gzip answer"),
    gettext_noop("an answer of more than %(n)s MB"),
    gettext_noop("none of %(n)s entries can be taken in: %(why)s"),
    gettext_noop("%(words)s answered with no records: %(why)s."),
    gettext_noop("%(words)s answered with an empty list."),
    gettext_noop("%(words)s sends the field %(code)s, which is not known here (%(n)s records)."),
    gettext_noop("%(words)s sends %(n)s records without the field %(code)s."),
    gettext_noop("%(words)s sends %(n)s records that cannot be read: %(why)s."),
    gettext_noop("%(words)s sends text that is not in UTF-8; %(n)s signs were lost."),
    gettext_noop("%(words)s sends %(n)s records of days that are still to come."),
    gettext_noop("%(words)s sends %(n)s records without a day that can be read."),
    gettext_noop("%(words)s sent %(n)s records, as many as it gives at once; some may be missing."),
    gettext_noop("%(words)s went back in time: %(more)s after %(code)s."),
    gettext_noop("%(words)s sends %(code)s %(n)s times."),
    gettext_noop("more than %(n)s records"),
    gettext_noop("more than %(n)s values"),
    gettext_noop("a page or XML instead of records"),
    gettext_noop("a page or JSON instead of a flat file"),
    gettext_noop("broken JSON"),
    gettext_noop("an object without records; its fields: %(words)s"),
    gettext_noop("no object"),
    gettext_noop("no number"),
    # what people say in public
    gettext_noop("No matter is called “%(words)s”."),
    gettext_noop("The time lies in the future."),
    gettext_noop("No kind of source is called “%(words)s”."),
    gettext_noop("%(words)s has more than %(n)s %(what)s."),
    gettext_noop("Say which: --map text=COLUMN. It has: %(words)s."),
    gettext_noop("Split it; each part is taken in on its own."),
    gettext_noop("A delivery is one object, or a list of at most %(n)s of them."),
    gettext_noop("No column of %(words)s holds the text of the posts."),
    gettext_noop("“%(words)s” may be two days, and no row of %(more)s tells which."),
    gettext_noop("The delivery is no JSON in UTF-8."),
    gettext_noop("%(words)s has no column “%(more)s”."),
    gettext_noop("It has: %(words)s."),
    gettext_noop("%(code)s has no correction no. %(n)s."),
    gettext_noop("There is no mention no. %(n)s."),
    gettext_noop("There is no source of posts “%(words)s”."),
    # what carries a component, and receipts
    gettext_noop("No lot and no product called “%(words)s” was received or made here."),
    gettext_noop("Name it as receipts or events do: lot:L-1 or sku:CELL-18650."),
    gettext_noop(
        "Of %(a)s %(what)s the newest %(b)s were looked at; lots that only the others name "
        "count in no answer."
    ),
    gettext_noop("More than %(n)s steps of making are recorded; components were left out."),
    gettext_noop("A receipt names its lot."),
    gettext_noop("Bring the orders or products in first."),
    gettext_noop("Lot %(lot)s cannot be used up before it came."),
    gettext_noop("A receipt of less than nothing is none."),
    gettext_noop("No mail server is named, so nothing can be sent."),
    gettext_noop(
        "Set HOLDFAST_SMTP_URL=smtp://host:port, or export letters, .eml files or a "
        "mail-merge table instead."
    ),
    # how a file was read
    gettext_noop("The column %(words)s is there twice, so it is not read."),
    gettext_noop("Read as it was said for an earlier file with the same columns."),
    gettext_noop("Only the sheet %(words)s is read, not: %(more)s."),
    gettext_noop("The column names stand on line %(n)s; lines above it are skipped."),
    # a sampling plan
    # why an answer of an authority is no data
    gettext_noop("status %(words)s, so no real alert"),
    gettext_noop("msgType %(words)s, so an answer to an alert and none itself"),
    gettext_noop("no line with the fields of RCL.txt"),
    gettext_noop("a ZIP that unpacks to more than 400 MB"),
    gettext_noop("a ZIP that cannot be read: %(words)s"),
    gettext_noop("no column for a product, a model, a code or a number"),
    gettext_noop("an address inside our own network"),
    gettext_noop("a document type in a workbook"),
    gettext_noop("tags nested too deep"),
    gettext_noop("a cell beyond the last column"),
    gettext_noop(
        "no answer: its name was not found; the network may be down, or the address wrong"
    ),
    gettext_noop(
        "Take all %(n)s of the lot. Accept the lot with at most %(a)s %(what)s, reject it "
        "from %(b)s on%(why)s."
    ),
    gettext_noop(
        "Take %(n)s of %(c)s at random. Accept the lot with at most %(a)s %(what)s, reject "
        "it from %(b)s on%(why)s."
    ),
    gettext_noop("; in between, accept it and inspect the next one normally"),
)
# What a sentence names in its middle.
NAMED = (
    gettext_noop("a PDF document"),
    gettext_noop("a picture"),
    gettext_noop("a web page"),
    gettext_noop("an XML document"),
    gettext_noop("a JSON document"),
    gettext_noop("a database"),
    gettext_noop("a Parquet file"),
    gettext_noop("a 7z archive"),
    gettext_noop("a RAR archive"),
    gettext_noop("an OpenDocument file"),
    gettext_noop("a ZIP file"),
    gettext_noop("mails"),
    gettext_noop("rows"),
    gettext_noop("receipts"),
    gettext_noop("recorded arrivals"),
    gettext_noop("nonconforming"),
    gettext_noop("nonconformities"),
    gettext_noop("a bzip2 archive"),
    gettext_noop("an xz archive"),
)
# What is said to do on the command line is said there; on a page these say it.
HINTS = {
    "no_recall": gettext_lazy("All recalls stand on the first page."),
    "no_alarm": gettext_lazy("All alarms stand on one page."),
    "no_investigation": gettext_lazy("All investigations stand on one page."),
    "dates_ambiguous": gettext_lazy("Choose below how its dates are written."),
    "ambiguous_dates": gettext_lazy("Write the days as 2026-03-04 and take the file in again."),
    "undecodable": gettext_lazy("Save the file as UTF-8."),
    "mixed_encodings": gettext_lazy("Two exports were probably joined: import them one by one."),
    "whose_feed": gettext_lazy("Write the name of the authority beside the file."),
    "no_feed": gettext_lazy("All feeds stand on one page."),
    "which_feed": gettext_lazy("All feeds stand on one page."),
}
