use std::path::PathBuf;

/// What can go wrong with plans.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The file cannot be read.
    #[error("cannot read {path}: check that it exists and may be read")]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// GDAL cannot make layers of the file.
    #[error(
        "cannot open {path} as a plan: it is damaged or of another format; GeoPackage, Shapefile, file geodatabase, DXF, \
         GeoJSON and tables of coordinates (.csv, .txt) are read: export it anew as one of them"
    )]
    Open {
        /// The file.
        path: PathBuf,
        /// What GDAL said.
        #[source]
        source: gdal::errors::GdalError,
    },
    /// The layer map is no TOML of the expected shape.
    #[error(
        "layer map {path} is not understood: one table [layers.\"NAME\"] with `kind` and `fields` per layer"
    )]
    LayerMap {
        /// The layer map.
        path: PathBuf,
        /// What the parser said.
        #[source]
        source: Box<toml::de::Error>,
    },
    /// The layer map gives a kind a field that it does not have.
    #[error("layer {layer:?} in the map for {path}: kind {kind} has no field {field:?}; it has {known}")]
    UnknownField {
        /// The plan file.
        path: PathBuf,
        /// The layer.
        layer: String,
        /// Kind given to the layer.
        kind: &'static str,
        /// The field in question.
        field: String,
        /// Fields of the kind.
        known: String,
    },
    /// The layer map names a field that the layer does not have, or two of them for one.
    #[error(
        "{path}, layer {layer:?} has {found} of the fields {field:?}, and one is wanted; it has {known}: correct the layer map"
    )]
    MappedField {
        /// The plan file.
        path: PathBuf,
        /// The layer.
        layer: String,
        /// How many of the named fields it has.
        found: usize,
        /// Fields named by the map.
        field: String,
        /// Fields of the layer.
        known: String,
    },
    /// One layer stands in the map twice.
    #[error("layer map {path} names the layer {layer:?} twice: a layer is of one kind")]
    LayerTwice {
        /// The layer map.
        path: PathBuf,
        /// The layer.
        layer: String,
    },
    /// The file is of no use as it is.
    #[error("{path} {what}: {remedy}")]
    Unusable {
        /// The plan file.
        path: PathBuf,
        /// What is wrong with it.
        what: String,
        /// What to do.
        remedy: &'static str,
    },
    /// The file ends before its end.
    #[error("{path} is cut off: {what}; copy or export it anew")]
    Truncated {
        /// The plan file.
        path: PathBuf,
        /// What is missing.
        what: String,
    },
    /// The texts of a file are not in the encoding that they should be in.
    #[error(
        "{path}: its texts are not {encoding} (said by {by}), such as {sample:?}: correct that, or declare encoding = \"GBK\" \
         or another"
    )]
    Encoding {
        /// The plan file.
        path: PathBuf,
        /// The encoding.
        encoding: &'static str,
        /// Who says it.
        by: &'static str,
        /// What it makes of them.
        sample: String,
    },
    /// The texts of a file may be in one encoding or another.
    #[error(
        "{path}: its texts are {here:?} in {encoding} (said by {by}) and {there:?} in {other}: look which is right, then \
         declare encoding = \"{other}\" or \"{encoding}\" (a Shapefile: write that into its .cpg file)"
    )]
    EncodingInDoubt {
        /// The plan file.
        path: PathBuf,
        /// One encoding.
        encoding: &'static str,
        /// Who says it.
        by: &'static str,
        /// What it makes of the texts.
        here: String,
        /// The other encoding.
        other: &'static str,
        /// What that makes of them.
        there: String,
    },
    /// A line of a table is no position.
    #[error("{path}, line {line}: {cell:?} is no number: correct the table")]
    TableRow {
        /// The table.
        path: PathBuf,
        /// The line, from 1.
        line: u64,
        /// What stands where a number should.
        cell: String,
    },
    /// Nothing says which coordinate is which.
    #[error(
        "{path} does not say which coordinate is north: declare axes = \"north_east\" (surveyors' X is north) or \
         \"east_north\"; {remedy}"
    )]
    NoAxes {
        /// The plan file.
        path: PathBuf,
        /// What fits.
        remedy: String,
    },
    /// The file says the order of axes otherwise than the declaration.
    #[error(
        "{path} says {stated} by the names of its columns, but axes = {declared:?} is declared: find out which is right"
    )]
    AxesContradicted {
        /// The plan file.
        path: PathBuf,
        /// What the file says.
        stated: &'static str,
        /// What the project declares.
        declared: &'static str,
    },
    /// Nothing says the coordinate system.
    #[error("{path} has no coordinate system (a Shapefile has it in its .prj): {remedy}")]
    NoCrs {
        /// The plan file.
        path: PathBuf,
        /// What fits.
        remedy: String,
    },
    /// Layers of one file state different systems.
    #[error(
        "{path} mixes coordinate systems ({systems}): export it in one, or map only the layers of one and declare its crs"
    )]
    MixedCrs {
        /// The plan file.
        path: PathBuf,
        /// Layers with their systems.
        systems: String,
    },
    /// A plan in GCJ-02 claims to be exact.
    #[error(
        "{path} is declared as GCJ-02 with u_m = {u_m}: the shift of web maps is known to {least_m} m at best and proves nothing; \
         declare u_m = {least_m} or more, or get the plan in CGCS2000"
    )]
    Gcj02 {
        /// The plan file.
        path: PathBuf,
        /// Declared uncertainty, metres.
        u_m: f64,
        /// Least uncertainty, metres.
        least_m: f64,
    },
    /// No layer of the file means anything.
    #[error("{path}: none of its layers is mapped ({layers}): write a layer map that says what they are")]
    NothingMapped {
        /// The plan file.
        path: PathBuf,
        /// Its layers.
        layers: String,
    },
    /// A feature's attribute cannot be read as what it should be.
    #[error("{path}, layer {layer:?}, feature {feature}: {field} = {value:?} is not {expected}: correct it")]
    Value {
        /// The plan file.
        path: PathBuf,
        /// The layer.
        layer: String,
        /// Feature number.
        feature: u64,
        /// Name of the attribute in the file.
        field: String,
        /// What stands there.
        value: String,
        /// What should.
        expected: &'static str,
    },
    /// A feature lacks something it must have.
    #[error("{path}, layer {layer:?}, feature {feature}: {what}")]
    Incomplete {
        /// The plan file.
        path: PathBuf,
        /// The layer.
        layer: String,
        /// Feature number.
        feature: u64,
        /// What is missing, and what to do.
        what: String,
    },
    /// A row names a building that the file does not draw.
    #[error(
        "{path}, layer {layer:?}, feature {feature} is about building {building_no:?}, which no building layer has: draw it, or correct \
         the number"
    )]
    NoSuchBuilding {
        /// The plan file.
        path: PathBuf,
        /// The layer.
        layer: String,
        /// Feature number.
        feature: u64,
        /// The building number.
        building_no: String,
    },
    /// Two approved outlines of one file carry one number.
    #[error(
        "{path}, layer {layer:?}: building {building_no:?} is drawn twice (features {} and {}): give each outline its own \
         number, or make them parts of one",
        features.0, features.1
    )]
    DuplicateBuilding {
        /// The plan file.
        path: PathBuf,
        /// The layer of the second outline.
        layer: String,
        /// The building number.
        building_no: String,
        /// Both features.
        features: (u64, u64),
    },
    /// Storey runs of a building leave out or repeat a storey.
    #[error(
        "{path}: storeys of building {building_no:?} go from {after} to {next}: list every storey once, from 1"
    )]
    StoreyGap {
        /// The plan file.
        path: PathBuf,
        /// The building number.
        building_no: String,
        /// Last storey of a run.
        after: u32,
        /// First storey of the next.
        next: u32,
    },
    /// Lines that should enclose an area do not.
    #[error(
        "{path}, layer {layer:?}, feature {feature}: the outline is open at ({east:.3}, {north:.3}) by {width_m:.3} m: \
         close it in the drawing (gaps up to 0.05 m are closed)"
    )]
    OpenOutline {
        /// The plan file.
        path: PathBuf,
        /// The layer.
        layer: String,
        /// Feature number.
        feature: u64,
        /// Easting of the loose end, metres.
        east: f64,
        /// Northing of the loose end, metres.
        north: f64,
        /// Width of the gap, metres.
        width_m: f64,
    },
    /// More than one line goes on where a line ends.
    #[error(
        "{path}, layer {layer:?}, feature {feature}: several lines go on from ({east:.3}, {north:.3}), so nobody can tell the \
         outline: join each outline into a closed polyline, and delete lines drawn twice"
    )]
    Fork {
        /// The plan file.
        path: PathBuf,
        /// The layer.
        layer: String,
        /// Feature number.
        feature: u64,
        /// Easting of the end, metres.
        east: f64,
        /// Northing of the end, metres.
        north: f64,
    },
    /// An outline crosses itself or is otherwise no area.
    #[error(
        "{path}, layer {layer:?}, feature {feature}: the outline is no valid area ({reason}): repair the drawing"
    )]
    InvalidOutline {
        /// The plan file.
        path: PathBuf,
        /// The layer.
        layer: String,
        /// Feature number.
        feature: u64,
        /// What is wrong with it.
        reason: String,
    },
    /// The declared coordinate system is unknown or leads nowhere.
    #[error("{path}: cannot convert from {crs} to the survey's system: check the declared crs")]
    Crs {
        /// The plan file.
        path: PathBuf,
        /// The declared system.
        crs: String,
        /// What PROJ said.
        #[source]
        source: gdal::errors::GdalError,
    },
    /// The file states another system than the declared one.
    #[error("{path}, layer {layer:?} states {stated} but {declared} is declared: find out which is right")]
    CrsContradicted {
        /// The plan file.
        path: PathBuf,
        /// The layer.
        layer: String,
        /// What the file states.
        stated: String,
        /// What the project declares.
        declared: String,
    },
    /// Coordinates that cannot belong to the survey's system.
    #[error(
        "{path}, layer {layer:?}, feature {feature} would lie at east {east:.1}, north {north:.1} of {crs}, where that system \
         is not used; {remedy}"
    )]
    Implausible {
        /// The plan file.
        path: PathBuf,
        /// The layer.
        layer: String,
        /// Feature number.
        feature: u64,
        /// First coordinate after conversion, metres.
        east: f64,
        /// Second coordinate after conversion, metres.
        north: f64,
        /// The survey's system.
        crs: String,
        /// What fits.
        remedy: String,
    },
    /// The plan lies in another town than the survey.
    #[error("{path} would lie {off_km:.0} km from the survey; {remedy}")]
    FarFromSurvey {
        /// The plan file.
        path: PathBuf,
        /// Distance, kilometres.
        off_km: f64,
        /// What fits.
        remedy: String,
    },
    /// Too little to register on.
    #[error(
        "{path}: {ties} points of drawing and map cannot be checked against each other: give {least} or more, well apart"
    )]
    TooFewTies {
        /// The plan file.
        path: PathBuf,
        /// Points.
        ties: usize,
        /// Points wanted.
        least: usize,
    },
    /// The drawing fits the map only when stretched.
    #[error(
        "{path} fits its control only with a scale of {scale:.5}: declare the unit of the drawing, and check that both are of \
         the same points"
    )]
    RegistrationScale {
        /// The plan file.
        path: PathBuf,
        /// Metres of the map for a metre of the drawing.
        scale: f64,
    },
    /// The drawing does not fit the map.
    #[error(
        "{path} fits its control to {rms_m:.2} m only; point {worst:?} is {worst_m:.2} m off: check it first, and whether x and y \
         are swapped"
    )]
    PoorRegistration {
        /// The plan file.
        path: PathBuf,
        /// Root mean square of the residuals, metres.
        rms_m: f64,
        /// The point that fits worst.
        worst: String,
        /// How far it is off, metres.
        worst_m: f64,
    },
    /// The drawing's outlines are not found on the map.
    #[error(
        "{path}: fewer than {least} of its outlines are found among the known ones, wherever it is put: register it on control \
         points"
    )]
    NoMatch {
        /// The plan file.
        path: PathBuf,
        /// Outlines wanted.
        least: usize,
    },
    /// The drawing's outlines are found on the map in more than one way.
    #[error(
        "{path}: {best} of its outlines are found among the known ones in one place and {rival} in another: register it on control \
         points"
    )]
    AmbiguousMatch {
        /// The plan file.
        path: PathBuf,
        /// Outlines found in the best place.
        best: usize,
        /// Outlines found in another.
        rival: usize,
    },
    /// The survey's own coordinate system is at fault.
    #[error(transparent)]
    Geodesy(#[from] plumbline_geodesy::Error),
}
