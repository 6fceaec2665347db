using Speedup.Abstractions;

namespace Speedup.Core.Plugins;

/// <summary>Every failure of a plugin: its code, and one message that says what to do. docs/errors/plugins.md has a row for each.</summary>
internal static class PluginFaults
{
    public const string RequiredPluginFailed = "SPD5025";
    public const string HostClaimsTwice = "SPD5026";
    public const string NoHandler = "SPD5030";
    public const string DirectoryMissing = "SPD5001";
    public const string NoContent = "it is empty, or a pipe, a device or a socket, which is not opened";

    public static PluginFault NoDirectory(string path) =>
        new(
            PluginStage.Discover,
            DirectoryMissing,
            $"The plugin directory '{path}' does not exist. Create it, or correct what names it: PluginOptions.Directory, or else the "
                + $"environment variable {PluginDirectory.Variable}."
        );

    public static PluginFault NoSuchFunction(Type handler, FunctionKey key) =>
        new(
            PluginStage.Register,
            "SPD5031",
            $"Its handler {handler} is for {key}, and there is no such public method: the handler is never asked for it. Correct the name; it is "
                + "the CLR's, such as op_Addition or get_T. All else of the plugin works."
        );

    public static PluginFault RequiredMissing(string directory) =>
        new(PluginStage.Discover, "SPD5002", $"The required plugin is not in '{directory}'. Put its folder there.");

    public static PluginFault NoDll(PluginCandidate plugin, IEnumerable<string> found)
    {
        string others = string.Join(", ", found);
        string has = others.Length == 0 ? "holds no DLL" : $"holds {others}";
        return new(
            PluginStage.Discover,
            "SPD5003",
            $"Expected '{plugin.Name}/{plugin.Name}.dll', but the folder {has}. Give the folder the name of the plugin's assembly."
        );
    }

    public static PluginFault LinkEscapes(string link, string target, string root) =>
        new(
            PluginStage.Discover,
            "SPD5004",
            $"'{link}' is a link to '{target}', outside '{root}'. Copy the files, or set PluginOptions.AllowLinks."
        );

    public static PluginFault ProbesOutside(string file) =>
        new(
            PluginStage.Discover,
            "SPD5005",
            $"'{file}' names additionalProbingPaths, which would load code from outside the folder. Delete the file, or set "
                + "PluginOptions.AllowLinks."
        );

    public static PluginFault Unreadable(string path, Exception cause) =>
        new(PluginStage.Discover, "SPD5006", $"'{path}' cannot be read by user '{Environment.UserName}': {cause.Message}", cause);

    public static PluginFault NotAnAssembly(string path, string what, Exception? cause = null) =>
        new(PluginStage.Inspect, "SPD5007", $"'{path}' is not a .NET assembly: {what}. Build or copy it again.", cause);

    public static PluginFault NotAFile(string path) =>
        new(PluginStage.Discover, "SPD5032", $"'{path}' has no content: {NoContent}. Put the file itself there, or take this out.");

    public static PluginFault NativeLibrary(string path, string kind) =>
        new(PluginStage.Inspect, "SPD5008", $"'{path}' is a native library ({kind}), not a .NET assembly.");

    public static PluginFault Renamed(string name, string assemblyName) =>
        new(
            PluginStage.Inspect,
            "SPD5009",
            $"'{name}.dll' holds the assembly '{assemblyName}': it was renamed. Folder, file and assembly must have the same name."
        );

    public static PluginFault NewerFramework(string target, string host) =>
        new(PluginStage.Inspect, "SPD5010", $"It targets {target}, but this host runs {host}. Update the host, or build for {host}.");

    public static PluginFault NoEntry() =>
        new(
            PluginStage.Inspect,
            "SPD5011",
            "It has no [assembly: SpeedupPlugin(SpeedupContract.Version, typeof(...))]. If it is not a plugin, its folder does not belong here."
        );

    public static PluginFault WrongContract(string plugin, string host) =>
        new(
            PluginStage.Inspect,
            "SPD5012",
            $"It was built against contract {plugin}, but this host has contract {host}. Rebuild the plugin against {host}, or use a host of "
                + "the same major version whose minor version is not lower."
        );

    public static PluginFault NewerShared(string name, Version plugin, Version host) =>
        new(
            PluginStage.Inspect,
            "SPD5013",
            $"It was built against {name} {plugin}, but this host has {host}, and all plugins share the host's. Update the host, or build "
                + $"against {host}."
        );

    public static PluginFault MissingDependency(string name, Version version, string folder) =>
        new(
            PluginStage.Inspect,
            "SPD5014",
            $"It needs {name} {version}, which is neither in '{folder}' nor part of .NET. Copy {name}.dll into the folder "
                + "(EnableDynamicLoading in the project does that)."
        );

    public static PluginFault DamagedDeps(string path, Exception cause) =>
        new(PluginStage.Load, "SPD5015", $"'{path}' is damaged: {cause.Message} Copy it again, or delete it.", cause);

    public static PluginFault LoadFailed(Exception cause) =>
        new(PluginStage.Load, "SPD5016", $"Its assembly cannot be loaded: {Describe(cause)}", cause);

    public static PluginFault BadEntry(string type, string why) =>
        new(
            PluginStage.Create,
            "SPD5017",
            $"Its entry class {type} {why}. It must be a public class with a public parameterless constructor that implements ISpeedupPlugin."
        );

    public static PluginFault ConstructorThrew(Type entry, Exception cause) =>
        new(PluginStage.Create, "SPD5018", $"The constructor of its entry class {entry} threw {Describe(cause)}", cause);

    public static PluginFault ConfigureThrew(Type entry, Exception cause) =>
        new(
            PluginStage.Configure,
            "SPD5019",
            $"{entry}.ConfigureServices threw {Describe(cause)} None of its registrations is used.",
            cause
        );

    public static PluginFault NotConstructible(Exception cause) =>
        new(
            PluginStage.Resolve,
            "SPD5020",
            $"A service that it registers cannot be built: {Describe(cause)} Register what is missing in ConfigureServices.",
            cause
        );

    public static PluginFault HandlerThrew(Exception cause) =>
        new(
            PluginStage.Resolve,
            "SPD5021",
            $"Creating its handlers and pruners, or asking what they are for, threw {Describe(cause)}",
            cause
        );

    public static PluginFault NoHandlers(Type entry) =>
        new(
            PluginStage.Resolve,
            "SPD5022",
            $"{entry}.ConfigureServices registers no handler and no pruner. Register each with AddSingleton<IModuleHandler, ...>(), "
                + "AddSingleton<IFunctionHandler, ...>() or AddSingleton<IPruner, ...>()."
        );

    public static PluginFault BadClaim(Type handler, string why) => new(PluginStage.Resolve, "SPD5023", $"Its service {handler} {why}.");

    public static PluginFault Conflict(string subject, string later, string first) =>
        new(
            PluginStage.Register,
            "SPD5024",
            later == first
                ? $"Two services of plugin '{first}' are for {subject}. The first keeps it."
                : $"Plugins '{first}' and '{later}' are both for {subject}. '{first}' keeps it. Take one out, or choose with PluginOptions.Order."
        );

    public static PluginFault NotAllowed(string name) =>
        new(
            PluginStage.Discover,
            "SPD5027",
            $"The host allows listed plugins only, and '{name}' is not on PluginOptions.Allowed. Add it there, or take the folder out."
        );

    public static PluginFault OtherContent(string name, string actual, string expected) =>
        new(
            PluginStage.Discover,
            "SPD5028",
            $"The files of '{name}' have SHA-256 {actual}, but PluginOptions.Allowed expects {expected}. Restore the folder; if the change is "
                + "intended, list the new value."
        );

    public static PluginFault SharesItself(string name) =>
        new(
            PluginStage.Inspect,
            "SPD5029",
            $"[assembly: SharedWithHost(typeof(...))] names a type of '{name}' itself, which a host cannot share. Move the module classes to a "
                + "library that the plugin and the host's model both reference."
        );

    /// <summary>The cause itself instead of the wrappers that reflection and the container put around it, ending in a full stop.</summary>
    private static string Describe(Exception cause)
    {
        Exception inner = Unwrap(cause);
        string text = inner is AggregateException many ? string.Join(" ", many.InnerExceptions.Select(Describe)) : inner.Message.Trim();
        string message = inner is AggregateException ? text : $"{inner.GetType().Name}: {text}";
        return message.EndsWith('.') ? message : message + ".";
    }

    public static Exception Unwrap(Exception cause) =>
        cause is System.Reflection.TargetInvocationException or TypeInitializationException && cause.InnerException is { } inner
            ? Unwrap(inner)
            : cause;
}
