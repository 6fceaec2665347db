using TorchSharp;
using Xunit;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Onnx.Tests.Operators;

/// <summary>Functions that move, cut, join, reduce and make tensors.</summary>
public sealed class ShapeCases
{
    private static readonly long[] Shape = [2, 6, 4];

    private static readonly Dictionary<string, OperatorCase> All = new(StringComparer.Ordinal)
    {
        ["view"] = One(x => x.view(-1, 24)),
        ["view by sizes"] = One(x => x.view(x.shape[0], x.shape[1] * x.shape[2])),
        ["view of two free lengths"] = One(x => x.view(x.shape[0], 2, 3, x.shape[2])),
        ["reshape"] = One(x => x.reshape(x.shape[0], 3, 2, -1)),
        ["flatten"] = One(x => x.flatten(1)),
        ["flatten all"] = One(x => x.flatten()),
        ["unflatten"] = One(x => x.unflatten(1, [2L, 3L])),
        ["squeeze"] = One(x => x.unsqueeze(1).squeeze(1)),
        ["squeeze of a longer axis"] = One(x => x.squeeze(1)),
        ["unsqueeze"] = One(x => x.unsqueeze(-1)),
        ["permute"] = One(x => x.permute(2, 0, 1)),
        ["transpose"] = One(x => x.transpose(1, 2)),
        ["transpose of the last two"] = One(x => x.mT),
        ["cat"] = Two((x, y) => torch.cat([x, y], 1)),
        ["cat along the batch"] = Two((x, y) => torch.cat([x, y], 0)),
        ["stack"] = Two((x, y) => torch.stack([x, y], 1)),
        ["split"] = Many(x => x.split(2, 1)) with { IsFixed = true },
        ["split by sizes"] = Many(x => x.split([1L, 5L], 1)),
        ["chunk"] = Many(x => x.chunk(3, 1)),
        ["chunk, shorter at the end"] = Many(x => x.chunk(4, 1)) with { IsFixed = true },
        ["tensor_split"] = Many(x => x.tensor_split(4, 1)) with { IsFixed = true },
        ["unbind"] = Many(x => x.unbind(1)) with { IsFixed = true },
        ["narrow"] = One(x => x.narrow(1, 1, 3)),
        ["narrow by size"] = One(x => x.narrow(2, 1, x.shape[2] - 1)),
        ["slice"] = One(x => x.slice(1, 0, 6, 2)),
        ["select"] = One(x => x.select(1, 2)),
        ["select from the end"] = One(x => x.select(1, -1)),
        ["ranges"] = One(x => x[.., 1..5, 1..]),
        ["numbers and new axes"] = One(x => x[TensorIndex.Ellipsis, 1].unsqueeze(0)),
        ["last of a sequence"] = One(x => x[TensorIndex.Colon, TensorIndex.Colon, TensorIndex.Single(-1)]),
        ["index_select"] = One(x => x.index_select(1, tensor(new long[] { 3, 0, 3 }))),
        ["gather"] = One(x => x.gather(1, (x * 0).to(ScalarType.Int64) + 2)),
        ["expand"] = One(x => x.unsqueeze(1).expand(-1, 3, -1, -1)),
        ["expand by size"] = One(x => x.mean([0L], true).expand(x.shape[0], -1, -1)),
        ["expand_as"] = One(x => x.mean([1L], true).expand_as(x)),
        ["repeat"] = One(x => x.repeat(1, 2, 1)),
        ["repeat with a new axis"] = One(x => x.repeat(2, 1, 1, 1)),
        ["repeat_interleave"] = One(x => x.repeat_interleave(2, 1)),
        ["flip"] = One(x => x.flip(1, 2)),
        ["roll"] = One(x => x.roll(2, 1)),
        ["roll of a free axis"] = One(x => x.roll(1, 2)),
        ["sort"] = Pair(x => x.sort(1)),
        ["sort down"] = Pair(x => x.sort(1, descending: true)),
        ["topk"] = Pair(x => x.topk(3, 1)),
        ["cumsum"] = One(x => x.cumsum(1)),
        ["tril"] = One(x => x.tril()),
        ["triu"] = One(x => x.triu(1)),
        ["sum"] = One(x => x.sum(1)),
        ["sum of all"] = One(x => x.sum()),
        ["sum of two axes"] = One(x => x.sum([1L, 2L], true)),
        ["mean"] = One(x => x.mean([1L])),
        ["mean of a free axis"] = One(x => x.mean([2L], true)),
        ["amax"] = One(x => x.amax([1L])),
        ["amin"] = One(x => x.amin([1L, 2L])),
        ["var"] = One(x => x.var(1)),
        ["var of a free axis"] = One(x => x.var([2L], unbiased: true, keepdim: true)),
        ["std, biased"] = One(x => x.std(1, unbiased: false)),
        ["norm"] = One(x => x.norm(1)),
        ["norm of order 1"] = One(x => x.norm(1, true, 1)),
        ["logsumexp"] = One(x => x.logsumexp(1)),
        ["argmax"] = One(x => x.argmax(1)),
        ["argmin of all"] = One(x => x.argmin()),
        ["max along an axis"] = Pair(x => x.max(1)),
        ["min of all"] = One(x => x.min()),
        ["any and all"] = Many(x => [(x > 0).any(1), (x > 0).all(1)]),
        ["matmul"] = Two((x, y) => x.matmul(y.mT)),
        ["bmm"] = Two((x, y) => x.bmm(y.transpose(1, 2))),
        ["einsum"] = Two((x, y) => torch.einsum("bij,bkj->bik", x, y)),
        ["addmm"] = Two((x, y) => ones(6, 6, dtype: x.dtype).addmm(x.select(0, 0), y.select(0, 0).t(), beta: 0.5f, alpha: 2)),
        ["addmm of torch"] = Two((x, y) => torch.addmm(ones(6, 6, dtype: x.dtype), x.select(0, 0), y.select(0, 0).t(), 0.5f, 2)),
        ["attention"] = Two((x, y) => F.scaled_dot_product_attention(x, y, y)),
        ["causal attention"] = Two((x, y) => F.scaled_dot_product_attention(x, y, y, is_casual: true)),
        ["layer_norm"] = One(x => F.layer_norm(x, [6, 4])) with { IsFixed = false },
        ["group_norm"] = One(x => F.group_norm(x, 3)),
        ["instance_norm"] = One(x => F.instance_norm(x)),
        ["normalize"] = One(x => F.normalize(x, 2, 1)),
        ["pad"] = One(x => F.pad(x, [1, 2, 0, 1], PaddingModes.Constant, 0.5)),
        ["pad by reflection"] = One(x => F.pad(x, [1, 2], PaddingModes.Reflect)),
        ["pad by repetition"] = One(x => F.pad(x, [1, 2], PaddingModes.Replicate)),
        ["positions"] = One(x => x + torch.arange(x.shape[2]).to(x.dtype)),
        ["zeros by size"] = One(x => torch.cat([x, zeros(x.shape[0], 1, x.shape[2], dtype: x.dtype)], 1)),
        ["full by size"] = One(x => torch.full([x.shape[0], 1, 1], 0.3, dtype: x.dtype) + x),
        ["zeros_like"] = One(x => x.zeros_like() + x.ones_like()),
        ["constants"] = One(x => x + torch.linspace(0, 1, 6, dtype: x.dtype).unsqueeze(1)),
    };

    public static TheoryData<string> Names => [.. All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Call_InOnnxRuntime_IsTorchSharps(string name) => OperatorRun.Check(All[name]);

    private static OperatorCase One(Func<Tensor, Tensor> call) => new(tensors => [call(tensors[0])], Shape);

    private static OperatorCase Two(Func<Tensor, Tensor, Tensor> call) => new(tensors => [call(tensors[0], tensors[1])], Shape, Shape);

    private static OperatorCase Many(Func<Tensor, Tensor[]> call) => new(tensors => call(tensors[0]), Shape);

    private static OperatorCase Pair(Func<Tensor, (Tensor, Tensor)> call) =>
        new(
            tensors =>
            {
                (Tensor first, Tensor second) = call(tensors[0]);
                return [first, second];
            },
            Shape
        );
}
