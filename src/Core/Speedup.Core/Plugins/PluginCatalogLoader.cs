using Microsoft.Extensions.Logging;
using Speedup.Abstractions;

namespace Speedup.Core.Plugins;

/// <summary>Loads all plugins of a directory. A plugin that fails is recorded and logged, and the next one has its turn.</summary>
internal sealed class PluginCatalogLoader(PluginOptions options, PluginDirectory directory, ILoggerFactory loggers)
{
    private readonly ILogger _logger = loggers.CreateLogger<PluginCatalogLoader>();
    private readonly HostProfile _host = HostProfile.Read();
    private readonly PluginAssembly _assemblies = new();
    private readonly PluginActivator _activator = new(loggers);
    private readonly List<LoadedPlugin> _loaded = [];
    private readonly List<PluginFailure> _failures = [];

    /// <summary>Loads; call it once.</summary>
    /// <returns>The catalog, which belongs to the caller.</returns>
    /// <exception cref="SpeedupException">A required plugin is missing or has a failure.</exception>
    public PluginCatalog Load()
    {
        IReadOnlyList<PluginCandidate> candidates = FindCandidates();
        using var watch = new CallWatch<PluginCandidate>(
            options.LoadLimit,
            slow => _logger.SlowLoad(slow.Name, slow.Folder, options.LoadLimit)
        );
        foreach (PluginCandidate candidate in candidates)
            Attempt(candidate, () => _loaded.Add(watch.Run(candidate, () => Load(candidate))));
        foreach (string missing in options.Required.Except(candidates.Select(candidate => candidate.Name)))
            Attempt(Unseen(missing), () => throw PluginFaults.RequiredMissing(directory.Path));
        var catalog = new PluginCatalog(_loaded, directory, _failures, _logger);
        Report(catalog);
        return Demand(catalog);
    }

    private IReadOnlyList<PluginCandidate> FindCandidates()
    {
        IReadOnlyList<PluginCandidate> found = [];
        if (Directory.Exists(directory.Path))
            Attempt(Self(), () => found = PluginDiscovery.Find(directory.Path, options.Order));
        else if (directory.IsExplicit)
            Attempt(Self(), () => throw PluginFaults.NoDirectory(directory.Path));
        else
            _logger.NoPluginDirectory(directory.Path);
        return found;
    }

    private LoadedPlugin Load(PluginCandidate plugin)
    {
        PluginDiscovery.Check(plugin, directory.Path, options.AllowLinks);
        PluginTrust.Check(plugin, options.Allowed);
        ContentGuard.Check(plugin);
        PluginMetadata metadata = PluginInspector.Read(plugin.Dll);
        AgreedAssemblies agreed = new HostLibraries(options.ModelAssemblies, _host.FrameworkAssemblies).Agree(metadata.SharedWithHost);
        new PluginCompatibility(_host.Sharing(agreed)).Check(plugin, metadata);
        foreach (string name in metadata.SharedWithHost)
            Report(plugin.Name, name, agreed);
        _logger.LoadingPlugin(plugin.Name, plugin.Folder); // from here on its code runs
        return _activator.Activate(plugin, metadata, _assemblies.CreateEntry(plugin, agreed));
    }

    private void Report(string plugin, string library, AgreedAssemblies agreed)
    {
        if (agreed.Find(library) is { } assembly)
            _logger.SharesLibrary(plugin, assembly.FullName!);
        else
            _logger.NothingToShare(plugin, library);
    }

    private void Attempt(PluginCandidate plugin, Action action)
    {
        try
        {
            action();
        }
        catch (PluginFault fault)
        {
            _failures.Add(fault.ToFailure(plugin));
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException) // the folder went away or closed while it was read
        {
            _failures.Add(PluginFaults.Unreadable(plugin.Folder, e).ToFailure(plugin));
        }
        catch (Exception e) // nothing that we know of; but whatever it is, it must not stop the others
        {
            _failures.Add(PluginFaults.LoadFailed(e).ToFailure(plugin));
        }
    }

    private void Report(PluginCatalog catalog)
    {
        foreach (PluginInfo plugin in catalog.Plugins)
            _logger.PluginLoaded(plugin.Name, plugin.Version, plugin.ModuleTypes.Count, plugin.Functions.Count);
        foreach (PluginFailure failure in catalog.Failures)
            _logger.PluginFailed(failure.Name, failure.Folder, failure.Stage, failure.Code, failure.Message, failure.Exception);
        foreach (string unknown in options.Order.Except(catalog.Plugins.Select(plugin => plugin.Name)))
            _logger.UnknownInOrder(unknown);
    }

    private PluginCatalog Demand(PluginCatalog catalog)
    {
        PluginFailure[] fatal = [.. catalog.Failures.Where(failure => options.Required.Contains(failure.Name))];
        if (fatal.Length == 0)
            return catalog;
        catalog.Dispose();
        string list = string.Join(" ", fatal.Select(failure => $"'{failure.Name}' ({failure.Code}): {failure.Message}"));
        Exception? cause = fatal.Select(failure => failure.Exception).FirstOrDefault(exception => exception is not null);
        throw new SpeedupException(PluginFaults.RequiredPluginFailed, $"Required plugins are not in working order. {list}", cause);
    }

    /// <summary>Stands for the directory itself in its own failures.</summary>
    private PluginCandidate Self() => new(Path.GetFileName(directory.Path.TrimEnd(Path.DirectorySeparatorChar)), directory.Path);

    /// <summary>A name from the options is only ever reported, never turned into a path: it may hold anything.</summary>
    private PluginCandidate Unseen(string name) => new(name, directory.Path);
}
