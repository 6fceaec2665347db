using Speedup.Core.Plugins;
using Speedup.Onnx;
using Speedup.Onnx.Abstractions;

namespace Speedup.Cli.Rendering;

/// <summary>Writes which operators can be exported as Markdown; <c>docs/onnx-operators.md</c> is its output for the plugins of this repository.</summary>
internal sealed class OnnxTable(TextWriter output)
{
    private static readonly string Introduction = $"""
        # Operators in ONNX

        <!-- Written by `speedup plugins --onnx`; do not edit. The words are the operators' own (`Limits`). -->

        What can be exported, in opset {OnnxExport.Opset}. Functions stand here by name, whether they are called on `torch`, `Tensor`, `nn.functional` or
        a module, in place or not. Modules of `Speedup.Modules` and the small attention and transformer modules are traced into, so that they need no
        operator of their own, as do layers of yours. *Not* is what an operator refuses, in the error that names all that is missing.
        """;

    /// <summary>Writes one table a plugin, and what has no operator.</summary>
    public void Write(OnnxOperators operators, IPluginCatalog catalog, IReadOnlyList<ExcludedOperators> excluded)
    {
        output.WriteLine(Introduction);
        var entries = operators
            .Modules.Select(entry => (entry.Operator, entry.Plugin, Name: NameOf(entry.Type)))
            .Concat(operators.Functions.Select(entry => (entry.Operator, entry.Plugin, Name: entry.Function.Name.TrimEnd('_'))));
        foreach (var plugin in entries.GroupBy(entry => entry.Plugin))
        {
            Line("", $"## {plugin.Key}", "", "| Operators | Not |", "|---|---|");
            foreach (var family in plugin.GroupBy(entry => entry.Operator, ReferenceEqualityComparer.Instance))
                Line($"| {Names(family.Select(entry => entry.Name))} | {((IOnnxOperator)family.Key!).Limits ?? "-"} |");
        }
        Line("", "## Without an ONNX operator", "", "| Operators | Reason |", "|---|---|");
        string[] missing = [.. Missing(operators, catalog)];
        foreach (ExcludedOperators group in excluded)
        {
            string[] names = [.. missing.Intersect([.. (group.Modules ?? []).Select(name => $"nn.{name}"), .. group.Functions ?? []])];
            if (names.Length > 0)
                Line($"| {Names(names)} | {group.Reason} |");
        }
    }

    /// <summary>What plugins handle, and no operator writes; modules that are traced into are left out.</summary>
    public static IEnumerable<string> Missing(OnnxOperators operators, IPluginCatalog catalog)
    {
        IEnumerable<string> modules = catalog
            .Plugins.SelectMany(plugin => plugin.ModuleTypes)
            .Where(type => type.Namespace == "TorchSharp.Modules" && operators.Find(type) is null)
            .Select(NameOf);
        HashSet<string> known = [.. operators.Functions.Select(entry => entry.Function.Name.TrimEnd('_'))];
        IEnumerable<string> functions = catalog.Plugins.SelectMany(plugin => plugin.Functions).Select(key => key.Name.TrimEnd('_'));
        return modules.Concat(functions.Where(name => !known.Contains(name))).Distinct().Order(StringComparer.Ordinal);
    }

    private static string NameOf(Type module) => module.Namespace == "TorchSharp.Modules" ? $"nn.{module.Name}" : module.Name;

    private static string Names(IEnumerable<string> names) =>
        string.Join(", ", names.Distinct().Order(StringComparer.Ordinal).Select(name => $"`{name}`"));

    private void Line(params string[] lines)
    {
        foreach (string line in lines)
            output.WriteLine(line);
    }
}
