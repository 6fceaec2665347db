namespace Speedup.Core.Plugins;

/// <summary>The plugins that a host has loaded, and those that it could not load.</summary>
public interface IPluginCatalog
{
    /// <summary>The plugins in use, most preferred first.</summary>
    IReadOnlyList<PluginInfo> Plugins { get; }

    /// <summary>What is not in use, and why. A failure of one plugin never concerns another.</summary>
    IReadOnlyList<PluginFailure> Failures { get; }

    /// <summary>
    /// What the plugins have registered beside handlers, most preferred plugin first: emitters of ONNX, say. Each is created when it is first asked for.
    /// </summary>
    /// <typeparam name="T">What they are registered as; a type that host and plugins share.</typeparam>
    /// <returns>Each with the name of its plugin.</returns>
    IEnumerable<(string Plugin, T Service)> FindServices<T>()
        where T : class;
}
