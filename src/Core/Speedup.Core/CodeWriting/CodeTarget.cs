using System.Text.RegularExpressions;
using Speedup.Core.CodeWriting.CSharp;
using Speedup.Core.CodeWriting.Plans;
using Speedup.Core.CodeWriting.PyTorch;

namespace Speedup.Core.CodeWriting;

/// <summary>What is to be written where.</summary>
/// <param name="CodePath">The code's file.</param>
/// <param name="WeightsPath">The weights' file.</param>
/// <param name="Language">The language.</param>
/// <param name="ClassName">The class.</param>
/// <param name="Namespace">Its namespace; empty for none.</param>
internal sealed partial record CodeTarget(string CodePath, string WeightsPath, CodeLanguage Language, string ClassName, string Namespace)
{
    /// <summary>Reads the options.</summary>
    /// <exception cref="ArgumentException">Extension, class or namespace cannot be used.</exception>
    public static CodeTarget Find(string path, CodeOptions options)
    {
        CodeLanguage language =
            options.Language
            ?? Path.GetExtension(path).ToUpperInvariant() switch
            {
                ".CS" => CodeLanguage.CSharp,
                ".PY" => CodeLanguage.PyTorch,
                var other => throw new ArgumentException(
                    $"'{path}' has the extension '{other}', which names no language: use .cs or .py, or set {nameof(CodeOptions.Language)}.",
                    nameof(path)
                ),
            };
        string className = options.ClassName ?? NotInNames().Replace(Path.GetFileNameWithoutExtension(path), "_");
        if (!ClassNames().IsMatch(className) || Identifiers.IsReserved(className) || IsOfTorch(className))
            throw new ArgumentException(
                $"'{className}' cannot be the name of a class: give letters, digits and '_' in {nameof(CodeOptions.ClassName)}, a letter first, and "
                    + "no keyword or class of TorchSharp's.",
                nameof(options)
            );
        if (options.Namespace.Length > 0 && !Namespaces().IsMatch(options.Namespace))
            throw new ArgumentException(
                $"'{options.Namespace}' cannot be a namespace: give such names with dots between them in {nameof(CodeOptions.Namespace)}.",
                nameof(options)
            );
        string weights = Path.ChangeExtension(path, language == CodeLanguage.CSharp ? ".dat" : ".pth");
        return new CodeTarget(path, weights, language, className, options.Namespace);
    }

    /// <summary>Writes the code.</summary>
    /// <param name="plan">The calls.</param>
    /// <param name="model">Name of the model's class, for people.</param>
    /// <param name="reasons">Takes what the language has no words for.</param>
    public string Write(CodePlan plan, string model, List<string> reasons)
    {
        var header = new CodeHeader(ClassName, Namespace, model, Path.GetFileName(WeightsPath));
        return Language == CodeLanguage.CSharp
            ? new CSharpWriter(plan, header, reasons).Write()
            : new PyTorchWriter(plan, header, reasons).Write();
    }

    private static bool IsOfTorch(string name) =>
        typeof(TorchSharp.torch).Assembly.GetType($"TorchSharp.Modules.{name}") is not null
        || typeof(TorchSharp.torch).GetNestedType(name) is not null;

    [GeneratedRegex("[^A-Za-z0-9_]")]
    private static partial Regex NotInNames();

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9_]*$")]
    private static partial Regex ClassNames();

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9_]*(\\.[A-Za-z][A-Za-z0-9_]*)*$")]
    private static partial Regex Namespaces();
}
