namespace Speedup.Core.Plugins;

/// <summary>Services of plugins that a host finds by name, such as pruners.</summary>
internal static class NamedServices
{
    /// <summary>Each service with its name.</summary>
    /// <exception cref="PluginFault">One has none.</exception>
    public static IEnumerable<(string Key, T Service)> Of<T>(IEnumerable<T> services, Func<T, string?> nameOf)
        where T : class
    {
        foreach (T service in services)
        {
            if (nameOf(service) is not { } name || string.IsNullOrWhiteSpace(name))
                throw PluginFaults.BadClaim(service.GetType(), "has no name");
            yield return (name.ToLowerInvariant(), service);
        }
    }
}
