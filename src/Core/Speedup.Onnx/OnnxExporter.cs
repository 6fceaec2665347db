using Speedup.Core.Models;
using Speedup.Core.Pipeline;
using Speedup.Core.Reporting;
using Speedup.Core.Search;
using Speedup.Core.SmallModels.Descriptions;
using Speedup.Core.Tracing;
using Speedup.Core.Verification;
using Speedup.Onnx.Emission;
using Speedup.Onnx.Files;
using Speedup.Onnx.Folding;
using Speedup.Onnx.Graphs;
using static TorchSharp.torch;

namespace Speedup.Onnx;

/// <summary>Exports models: traces them, writes their calls as nodes, folds, checks, and moves the file to its place.</summary>
internal sealed class OnnxExporter(OnnxOperators operators) : IOnnxExporter
{
    private const double UsualTolerance = 1e-5;
    private const double HalfTolerance = 1e-2;

    /// <inheritdoc/>
    public OnnxOperators Operators => operators;

    /// <inheritdoc/>
    public OnnxExportReport Save(
        nn.Module model,
        IReadOnlyList<Tensor> example,
        string path,
        OnnxExportOptions? options = null,
        CancellationToken cancellation = default
    )
    {
        options ??= new OnnxExportOptions();
        Check(model, example, path, options);
        using var scope = NewDisposeScope();
        var inventory = new ModelInventory(model);
        using BusyModels claim = BusyModels.Claim(inventory);
        using var state = new EvaluationScope(inventory, cancellation);
        using var rewriter = new MethodRewriter();
        ExportAttempt attempt = Attempt(new ModelParts(inventory, state, rewriter), example, path, options, cancellation);
        OnnxGraph graph = attempt.Graph!;
        Fold(graph, options);
        cancellation.ThrowIfCancellationRequested();
        double error = 0;
        (string? data, long size) = OnnxFile.Write(
            graph,
            path,
            MetadataOf(model, options),
            options.ExternalDataFrom,
            file => error = options.Verifier is null ? 0 : Verify(file, path, attempt.Passes, options)
        );
        return new OnnxExportReport
        {
            FilePath = path,
            DataPath = data,
            Size = size,
            Inputs = graph.Inputs,
            Outputs = graph.Outputs,
            Nodes = graph.Nodes.GroupBy(node => node.OpType).ToDictionary(group => group.Key, group => group.Count()),
            Verified = options.Verifier is null ? [] : [.. attempt.Passes.Select(ShapesOf).Distinct()],
            MaxRelativeError = error,
            Remarks = attempt.Remarks,
        };
    }

    private static void Check(nn.Module model, IReadOnlyList<Tensor> example, string path, OnnxExportOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        EngineArguments.Check(model, example);
        EngineArguments.CheckOthers(example, options.OtherInputs, $"{nameof(OnnxExportOptions)}.{nameof(OnnxExportOptions.OtherInputs)}");
    }

    /// <summary>A graph with all axes free that may be; where sizes cannot follow, and nobody has asked for them, one with fewer.</summary>
    private ExportAttempt Attempt(
        ModelParts parts,
        IReadOnlyList<Tensor> example,
        string path,
        OnnxExportOptions options,
        CancellationToken cancellation
    )
    {
        List<string> remarks = [];
        Func<string, bool>[] choices = Choices(options);
        for (int choice = 0; ; choice++)
        {
            cancellation.ThrowIfCancellationRequested();
            var axes = new InputAxes(example, choices[choice]);
            CheckNames(axes, options);
            ExportAttempt attempt = ExportAttempt.Make(parts, operators, example, axes, options);
            if (attempt.Missing.Count > 0)
                throw new OnnxException(
                    OnnxCodes.MissingOperators,
                    path,
                    $"{attempt.Missing.Count} modules or functions have no ONNX operator, which a plugin would register as IOnnxOperator",
                    [.. attempt.Missing, .. attempt.Reasons]
                );
            if (attempt.Graph is not null)
                return attempt.With(remarks);
            if (choice == choices.Length - 1)
                throw new OnnxException(
                    OnnxCodes.CannotExport,
                    path,
                    "the forward pass cannot be written as an ONNX graph",
                    attempt.Reasons
                );
            remarks.AddRange(attempt.Reasons.Select(reason => $"Sizes are fixed that follow the input in the model: {reason}"));
        }
    }

    private static Func<string, bool>[] Choices(OnnxExportOptions options)
    {
        if (options.DynamicAxes is { } names)
            return [kind => names.Contains(kind)];
        return options.OtherInputs.Count > 0 ? [_ => true, _ => false] : [_ => true, kind => kind == "batch", _ => false];
    }

    private static void CheckNames(InputAxes axes, OnnxExportOptions options)
    {
        string[] unknown = [.. (options.DynamicAxes ?? []).Except(axes.Kinds)];
        if (unknown.Length > 0)
            throw new ArgumentException(
                $"{nameof(OnnxExportOptions)}.{nameof(OnnxExportOptions.DynamicAxes)} names '{string.Join("', '", unknown)}'; the inputs have "
                    + $"'{string.Join("', '", axes.Kinds)}'.",
                nameof(options)
            );
    }

    private static void Fold(OnnxGraph graph, OnnxExportOptions options)
    {
        if (options.RemoveIdentities)
            Identities.Remove(graph);
        UnusedNodes.Remove(graph);
        if (options.FoldBatchNorm)
            BatchNormFolding.Apply(graph);
        UnusedNodes.Remove(graph);
        if (options.HalfWeights)
            HalfWeights.Apply(graph);
    }

    private static double Verify(string file, string path, IReadOnlyList<CheckInput> passes, OnnxExportOptions options)
    {
        double tolerance = options.Tolerance ?? (options.HalfWeights ? HalfTolerance : UsualTolerance);
        IReadOnlyList<IReadOnlyList<Tensor>> outputs;
        try
        {
            outputs = options.Verifier!.Run(file, [.. passes.Select(pass => pass.Tensors)]);
        }
        catch (Exception fault) when (fault is not OperationCanceledException and not OutOfMemoryException)
        {
            throw new OnnxException(OnnxCodes.Mismatch, path, "the file could not be run", [fault.Message], fault);
        }
        double[] errors = [.. passes.Zip(outputs, (pass, output) => OutputComparison.RelativeError(pass.Expected, output))];
        string[] reasons =
        [
            .. passes
                .Zip(errors)
                .Where(pair => !(pair.Second <= tolerance))
                .Select(pair =>
                    $"On an input of shape {ShapesOf(pair.First)} the relative error is {pair.Second:0.0e+00}, and {tolerance:0.0e+00} is allowed."
                ),
        ];
        return reasons.Length == 0
            ? errors.Max()
            : throw new OnnxException(OnnxCodes.Mismatch, path, "the file does not give what the model gives", reasons);
    }

    private static Dictionary<string, string> MetadataOf(nn.Module model, OnnxExportOptions options)
    {
        var metadata = new Dictionary<string, string>(options.Metadata, StringComparer.Ordinal)
        {
            ["model"] = model.GetType().FullName ?? "",
        };
        IReadOnlyList<SpeedupFigures> speedups = ModelOrigins.Find(model)?.Speedups ?? [];
        for (int i = 0; i < speedups.Count; i++)
            metadata[$"speedup.{i + 1}"] = speedups[i].ToString();
        return metadata;
    }

    private static string ShapesOf(CheckInput pass) =>
        string.Join(" and ", pass.Tensors.Select(tensor => $"[{string.Join(", ", tensor.shape)}]"));
}
