using System.Reflection;
using static TorchSharp.torch;

namespace Speedup.Core.CodeWriting.PyTorch;

/// <summary>Attention by one function, which PyTorch has from 2.0 on: code that calls it brings it along for older ones.</summary>
internal static class PyTorchAttention
{
    /// <summary>The function, in Python.</summary>
    public const string Code = """


        def scaled_dot_product_attention(query, key, value, attn_mask=None, dropout_p=0.0, is_causal=False):
            # As torch.nn.functional has it from PyTorch 2.0 on.
            if hasattr(F, "scaled_dot_product_attention"):
                return F.scaled_dot_product_attention(query, key, value, attn_mask, dropout_p, is_causal)
            scores = query @ key.transpose(-2, -1) / query.shape[-1] ** 0.5
            if is_causal:
                attn_mask = torch.ones(scores.shape[-2:], dtype=torch.bool, device=scores.device).tril()
            if attn_mask is not None and attn_mask.dtype == torch.bool:
                scores = scores.masked_fill(~attn_mask, float("-inf"))
            elif attn_mask is not None:
                scores = scores + attn_mask
            return F.dropout(scores.softmax(-1), dropout_p) @ value

        """;

    /// <summary>Whether a function is this one.</summary>
    public static bool Is(MethodInfo function) =>
        function.DeclaringType == typeof(nn.functional) && function.Name == nameof(nn.functional.scaled_dot_product_attention);
}
